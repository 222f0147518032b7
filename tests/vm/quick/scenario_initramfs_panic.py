"""A bad module inside the initramfs: its panic leaves evidence, because our hook loads efi_pstore first (R10). The next
start holds it there, the guard puts the last good file back, and the image is made anew once the start is good."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm import guid
from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import NAME, Product

TIME_LIMIT = 2600


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    first = len(boots(guest)) - 1

    guest.check(f"echo {NAME} >>/etc/initramfs-tools/modules")
    # An update that rebuilds the initramfs, as packages do.
    guest.write(product.module_path(guest.disk.image), product.module(guest.disk.image, 3))
    guest.check("depmod -a && update-initramfs -u && sync", timeout=900)
    said = len(guest.machine.commands.text)
    guest.start("systemctl reboot")
    guest.console.wait_for(PANIC, 300)
    # It never came to the root file system, where the agent starts before udev's devices are looked for.
    assert "agent " not in guest.machine.commands.text[said:], "the module was not loaded in the initramfs"
    guest.machine.wait_for_reset(60)
    dumps = [v.name for v in guest.flash.variables() if v.vendor == guid.CRASH]
    assert dumps, "no crash dump: efi_pstore was not there in time"
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)
    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story[1:]] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]
    assert guest.read(product.module_path(guest.disk.image)) == product.module(guest.disk.image)
    # In the image too: nothing is held in a start without open failures.
    guest.wait_until("test $(systemctl show -P ActiveState daruma-gate.service) = inactive", 900)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    assert product.is_running(guest, revision=1)

"""The kernel is updated and the product is not, and its module for the new kernel crashes there: with nothing of the
product changed it is the pair that is to blame. The kernel of the last good start becomes GRUB's default, with the product
on and untouched, and `release` gives the default back (R12, R13)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.kernel import is_healthy_on, other_kernel
from vm.prepared import GOOD
from vm.product import Product, good_content

TIME_LIMIT = 2700
GATE_DONE = "! systemctl is-active --quiet daruma-gate.service"
# As the image's own menu has it; without it each start takes longer.
OPTIONS = b'GRUB_CMDLINE_LINUX_DEFAULT="quiet mitigations=off"\n'
MENU = "/boot/grub/grub.cfg"
OURS = "/etc/default/grub.d/90-daruma.cfg"


def run(vm):
    product = Product()
    guest = vm.watched(product)
    image = guest.disk.image
    old, new = image, other_kernel(image)
    # The vendor has a module for that kernel in advance. What it finds behind its table there is not what it was built for.
    guest.disk.write(product.module_path(new), product.module(new, 2))
    guest.disk.write(new.path, new.package.read_bytes())
    guest.disk.write("/etc/default/grub.d/10-image.cfg", OPTIONS)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.wait_until(GATE_DONE, 400)
    guest.check(f"dpkg --force-unsafe-io -i {new.path}", timeout=900)
    assert f"/boot/vmlinuz-{new.kernel} " in guest.check(f"grep -m 1 vmlinuz {MENU}"), "the new kernel should be the default"
    guest.check("sync")

    first = len(boots(guest)) - 1
    guest.start("systemctl reboot")
    guest.console.wait_for(PANIC, 300)
    wait_until_recovered(guest, lambda g: is_healthy_on(g, old.kernel, product), say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    vm.say(f"{words}")
    assert [boot.rung for boot in story] == ["normal", "normal", "normal", "held", "safe", "trial"], words
    assert [boot.panicked for boot in story] == [False, True, True, True, False, False], words
    seen = json.loads(guest.check("daruma list --json=short"))["boots"][:len(story)]
    kernels = [boot["kernel"] for boot in reversed(seen)]
    # Which kernel a start ran that crashed before its guard is not known to the tables.
    assert kernels[0] == kernels[-1] == old.kernel and kernels[4] == new.kernel, kernels
    assert set(kernels[1:-1]) <= {new.kernel, ""}, kernels
    verdict = json.loads(guest.check("daruma explain --json=short"))["verdict"]
    assert (verdict["certainty"], verdict["product"], verdict["partner"]) == ("likely", product.id, "kernel"), verdict
    # Nothing was done to the product, the new kernel's module included.
    listed = json.loads(guest.check("daruma list-quarantine --json=short"))
    assert listed["entries"] == [] and listed["switched_off"] == [], listed
    for name, data in good_content().items():
        assert guest.read(f"{product.content_folder}/{name}") == data, name
    for kernel, release in ((old, 1), (new, 2)):
        assert guest.read(product.module_path(kernel)) == product.module(kernel, release), kernel.kernel

    # It stays the default until somebody releases it.
    guest.wait_until(GATE_DONE, 400)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert is_healthy_on(guest, old.kernel, product) and guest.note().rung == "normal", guest.note()
    guest.wait_until(GATE_DONE, 400)
    assert 'set default="gnulinux-advanced-' in guest.check(f"grep 'set default=' {MENU}")
    guest.check("daruma -y release kernel", timeout=400)
    assert guest.run(f"test -e {OURS}").status == 1
    assert 'set default="0"' in guest.check(f"grep 'set default=' {MENU}")

"""With kernel_copy: safe in the policy the stage starts safe by itself too, from the copy of the last good kernel on the ESP: the command
line of that start keeps the product's module and unit out as early as a kernel can, and the machine heals as ever (R36)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import CONTENT, NAME, SERVICE, Product, bad_content, good_content

TIME_LIMIT = 1800
# Each start tells its own command line; a message of the lowest level comes through "quiet". (The shell's echo makes a bell of "\a".)
TELL = """[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/sh -c "read -r line </proc/cmdline; echo '<0>started with' $line >/dev/kmsg"
"""
WANT = "[Unit]\nWants=tell.service\n"


def is_copied(guest):
    return "a copy of the running kernel is on the ESP" in guest.check("daruma check | grep ^kernel-copy")


def run(vm):
    product = Product()
    guest = vm.watched(product, {"kernel_copy": "safe", "repair__fast_path": False})
    guest.disk.write("/etc/systemd/system/tell.service", TELL.encode())
    guest.disk.write("/etc/systemd/system/basic.target.d/tell.conf", WANT.encode())
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    guest.wait_until("! systemctl is-active --quiet daruma-gate", 900)
    # An initramfs that a good start made anew is copied by the next one, which it has booted.
    if not is_copied(guest):
        guest.reboot(until="multi-user.target")
        guest.wait_until(GOOD, 400)
        guest.wait_until("! systemctl is-active --quiet daruma-gate", 900)
    assert is_copied(guest), guest.check("daruma check; df /boot/efi")

    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    assert [boot.rung for boot in story][-2:] == ["safe", "trial"] and not story[-2].panicked, words
    # The boot loader had no part in it.
    assert "Welcome to GRUB" in story[-1].text and "Welcome to GRUB" not in story[-2].text, story[-2].text[:2000]
    line = story[-2].text.partition("started with ")[2].partition("\n")[0]
    assert line.startswith("initrd=\\EFI\\daruma\\good"), line
    assert f"module_blacklist={NAME}" in line and f"systemd.mask={SERVICE}" in line, line
    assert "module_blacklist" not in story[-1].text.partition("started with ")[2].partition("\n")[0], story[-1].text
    for name, data in good_content().items():
        assert guest.read(f"{CONTENT}/{name}") == data, name

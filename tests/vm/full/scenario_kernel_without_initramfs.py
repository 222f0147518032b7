"""A new kernel comes without an initramfs, as where its making failed: each start of it panics before anything of Daruma runs,
the safe profile's too. The rescue start does not ask the boot loader: it is that of the copied last good kernel, which becomes
the default again (R13, R36)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.kernel import is_healthy_on, other_kernel
from vm.prepared import GOOD
from vm.product import NAME, SERVICE, Product

TIME_LIMIT = 2700
GATE_DONE = "! systemctl is-active --quiet daruma-gate.service"
# Without a restart of its own such a kernel stands there until somebody comes, or a hardware watchdog.
OPTIONS = b'GRUB_CMDLINE_LINUX_DEFAULT="quiet mitigations=off panic=5"\n'
COPIES = "/boot/efi/EFI/daruma/good"


def is_copied(guest):
    return guest.run(f"test -s {COPIES}/a/initrd -o -s {COPIES}/b/initrd").status == 0


def run(vm):
    product = Product()
    guest = vm.watched(product)
    old, new = guest.disk.image, other_kernel(guest.disk.image)
    guest.disk.write(new.path, new.package.read_bytes())
    guest.disk.write("/etc/default/grub.d/10-image.cfg", OPTIONS)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    guest.wait_until(GATE_DONE, 900)
    # An initramfs that a good start made anew is copied by the next one, which it has booted.
    if not is_copied(guest):
        guest.reboot(until="multi-user.target")
        guest.wait_until(GOOD, 400)
        guest.wait_until(GATE_DONE, 900)
    assert is_copied(guest), guest.check("daruma check; df /boot/efi; ls -l /boot")
    told = guest.check("daruma check | grep ^kernel-copy")
    assert "ok" in told and "a copy of the running kernel is on the ESP" in told, told
    target = guest.check("strings -n 8 /boot/efi/EFI/daruma/limits.bin 2>/dev/null || tr -c ' -~' '\\n' "
                         "</boot/efi/EFI/daruma/limits.bin")
    assert f"module_blacklist={NAME}" in target and f"systemd.mask={SERVICE}" in target, target

    guest.check(f"dpkg --force-unsafe-io -i {new.path}", timeout=900)
    guest.check(f"rm /boot/initrd.img-{new.kernel} && update-grub && sync", timeout=300)
    first = len(boots(guest)) - 1
    guest.start("systemctl reboot")
    guest.console.wait_for(PANIC, 300)
    wait_until_recovered(guest, lambda g: is_healthy_on(g, old.kernel, product), 1500, say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    rungs = [boot.rung for boot in story]
    # What left no evidence was taken for a crash only since the new kernel had been announced.
    assert rungs[:5] == ["normal"] * 5 and rungs[5] == "safe" and rungs[-2:] == ["rescue", "trial"], words
    assert all(boot.panicked for boot in story[1:-2]), words
    assert not story[-2].panicked and not story[-1].panicked, words
    seen = json.loads(guest.check("daruma list --json=short"))["boots"]
    kernels = {boot["rung"]: boot["kernel"] for boot in seen[:2]}
    assert kernels == {"rescue": old.kernel, "trial": old.kernel}, seen[:4]
    listed = json.loads(guest.check("daruma list-quarantine --json=short"))
    assert listed["entries"] == [] and listed["switched_off"] == [], listed
    assert "kernel.previous_set" in guest.check("daruma history -n 100")

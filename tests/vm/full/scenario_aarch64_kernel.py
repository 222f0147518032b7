"""A Debian kernel of aarch64, started by the stage, reads the boot note, and what it answers and how it ends counts.

A good start is two non-volatile writes, one by the stage and one by the system (R54); a panic is one by the dump that the
kernel leaves in the flash (R4).
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.flash import WriteCount
from vm.formats import Limits, read_note
from vm.osless import on_esp
from vm.tiny_linux import arm64_kernel, initramfs

TIME_LIMIT = 900
KERNEL, INITRAMFS = r"\EFI\debian\vmlinuz.efi", r"\EFI\debian\initrd"


def limits(guest, task):
    options = f"initrd={INITRAMFS} console=ttyAMA0 quiet panic=1 id={guest.id} task={task}"
    return Limits(normal=(KERNEL, options))


def boot(guest):
    """The note that the program inside has read."""
    if not guest.machine.running:
        guest.machine.start()
    return read_note(bytes.fromhex(guest.machine.console.wait_for(r"note ([0-9a-f]{192})\r?\n", 180)[1]))


def run(vm):
    kernel = arm64_kernel()
    guest = vm.osless(architecture="aarch64", memory=512, esp_size=64)
    guest.esp.write(on_esp(KERNEL), kernel.image.read_bytes())
    guest.esp.write(on_esp(INITRAMFS), initramfs(kernel, vm.folder))

    guest.write_limits(limits(guest, "good"))
    first = boot(guest)
    assert (first.rung, first.reason, first.troubles) == ("normal", "record-absent", ()), first
    guest.machine.wait_off(60)
    answer = guest.last_answer()
    assert (answer.result, answer.boot_id) == ("good", first.boot_id), answer

    count = WriteCount(guest.flash)
    second = boot(guest)
    assert (second.reason, second.armed, second.last_ending) == ("ordinary", True, "good"), second
    guest.machine.wait_off(60)
    assert guest.last_answer().boot_id == second.boot_id
    assert count.of("Daruma") == 2 and count.reclaims == 0, count.writes

    guest.write_limits(limits(guest, "panic"))
    assert boot(guest).counters.failures == 0
    guest.machine.console.wait_for("Kernel panic - not syncing", 60)
    after = boot(guest)
    assert (after.last_ending, after.counters.panic, after.dumps_count > 0) == ("panic", 1, True), after
    guest.machine.wait_off(60)
    assert "failed " not in guest.machine.console.text

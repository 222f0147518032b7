"""The guard, the generator and the initramfs program each hang or crash: the machine starts all the same (R53).

Each fault says in the kernel's log that it happened, since a fault that never ran would prove nothing.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.product import Product

TIME_LIMIT = 2700
PIECES = {
    "guard": "/usr/bin/daruma",
    "generator": "/usr/lib/systemd/system-generators/daruma-generator",
    "initramfs": "/usr/lib/daruma/daruma-initramfs",
}
# The initramfs has klibc's shell under the same name.
FAULTS = {
    "hangs": "#!/bin/sh\necho 'fault: {piece} runs' >/dev/kmsg\nwhile :; do sleep 1; done\n",
    "crashes": "#!/bin/sh\necho 'fault: {piece} runs' >/dev/kmsg\nkill -11 $$\necho 'fault: {piece} goes on' >/dev/kmsg\n",
}


def starts_with(vm, piece, fault):
    """Returns the guest, up, and what its kernel's log says."""
    guest = vm.watched(Product())
    guest.boot(until="multi-user.target")
    # Beside it first: the program may be running.
    guest.write(f"{PIECES[piece]}.new", FAULTS[fault].format(piece=piece).encode(), mode=0o755)
    guest.check(f"mv {PIECES[piece]}.new {PIECES[piece]}")
    if piece == "initramfs":
        guest.check("update-initramfs -u", timeout=400)
    guest.check("sync")
    guest.reboot(timeout=420, until="multi-user.target")
    assert guest.run("systemctl is-active ssh cron").status == 0
    log = guest.check("dmesg")
    assert f"fault: {piece} runs" in log, log[-4000:]
    assert f"fault: {piece} goes on" not in log, log[-4000:]
    return guest, log


def result_of_guard(guest):
    return guest.check("systemctl show -P Result daruma-guard.service").strip()


def run_guard_hangs(vm):
    guest, _ = starts_with(vm, "guard", "hangs")
    assert result_of_guard(guest) == "timeout", result_of_guard(guest)


def run_guard_crashes(vm):
    guest, _ = starts_with(vm, "guard", "crashes")
    assert result_of_guard(guest) in ("signal", "core-dump"), result_of_guard(guest)


def run_generator_hangs(vm):
    starts_with(vm, "generator", "hangs")


def run_generator_crashes(vm):
    starts_with(vm, "generator", "crashes")


def run_initramfs_hangs(vm):
    _, log = starts_with(vm, "initramfs", "hangs")
    assert "daruma-initramfs: did not end within" in log, log[-4000:]


def run_initramfs_crashes(vm):
    _, log = starts_with(vm, "initramfs", "crashes")
    assert "daruma-initramfs: did not end within" not in log, log[-4000:]

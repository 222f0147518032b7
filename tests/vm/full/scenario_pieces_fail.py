"""The guard, the generator and the initramfs program each hang or crash: the machine starts all the same (R53)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.product import Product

TIME_LIMIT = 2700
PIECES = {
    "guard": "/usr/bin/daruma",
    "generator": "/usr/lib/systemd/system-generators/daruma-generator",
    "initramfs": "/usr/lib/daruma/daruma-initramfs",
}
FAULTS = {
    "hangs": b"#!/bin/sh\nwhile :; do sleep 1; done\n",
    "crashes": b"#!/bin/sh\nkill -SEGV $$\n",
}


def starts_with(vm, piece, fault):
    guest = vm.watched(Product())
    guest.boot(until="multi-user.target")
    # The initramfs has klibc's shell under the same name.
    guest.write(PIECES[piece], FAULTS[fault], mode=0o755)
    if piece == "initramfs":
        guest.check("update-initramfs -u", timeout=400)
    guest.check("sync")
    guest.reboot(timeout=420, until="multi-user.target")
    assert guest.run("systemctl is-active ssh cron").status == 0
    guest.power_cut()


def run_guard_hangs(vm):
    starts_with(vm, "guard", "hangs")


def run_guard_crashes(vm):
    starts_with(vm, "guard", "crashes")


def run_generator_hangs(vm):
    starts_with(vm, "generator", "hangs")


def run_generator_crashes(vm):
    starts_with(vm, "generator", "crashes")


def run_initramfs_crashes(vm):
    starts_with(vm, "initramfs", "crashes")

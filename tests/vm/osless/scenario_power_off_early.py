"""Four power-offs before the operating system starts, as at a disk password: never safe (R38)."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for _ in range(4):
        boot = guest.boot()
        assert boot.note.rung == "normal", boot.note
        boot.power_off()
    boot = guest.boot()
    assert boot.note.rung == "normal", boot.note
    assert boot.note.counters.unexplained == 4, boot.note

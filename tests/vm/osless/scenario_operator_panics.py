"""Twenty panics that the operating system calls an operator's in the start after: never safe (R4, R38).

That it tells SysRq and NMI from other panics is tests/vm/quick/scenario_stops_and_operators.py; the firmware's stage does
not: it sees dumps, and hears afterwards whose they were.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for panic in range(20):
        boot = guest.boot()
        assert boot.note.rung == "normal", boot.note
        assert boot.note.last_ending == ("panic" if panic else "good"), boot.note
        assert boot.note.counters.panic <= 1, boot.note
        boot.clear_crash_dumps()
        if panic:
            boot.answer("none", previous="operator", changed=True)
        boot.crash_dump(seconds=1_800_000_000 + 60 * panic)
        boot.reset()
    assert guest.boot().note.rung == "normal"

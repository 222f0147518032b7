"""Panics climb normal, held, safe, rescue, aside, and tries are used up before hand-over (R3)."""
# SPDX-License-Identifier: LGPL-2.1-or-later

LADDER = ["normal", "normal", "held", "safe", "safe", "rescue", "rescue", "aside", "aside"]


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for start, rung in enumerate(LADDER):
        boot = guest.boot()
        assert boot.note.rung == rung, f"start {start}: {boot.note}"
        boot.clear_crash_dumps()
        boot.crash_dump(seconds=1_800_000_000 + 60 * start)
        boot.reset()
    boot = guest.boot()
    boot.answer("good")
    boot.reset()
    boot = guest.boot()
    assert boot.note.rung == "normal" and boot.note.counters.failures == 0, boot.note

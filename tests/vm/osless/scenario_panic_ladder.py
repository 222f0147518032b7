"""Panics climb normal, held, safe, rescue, aside, and tries are used up before hand-over (R3)."""
# SPDX-License-Identifier: LGPL-2.1-or-later

TO_ASIDE = ["normal", "normal", "held", "safe", "safe", "rescue", "rescue"]
ASIDE_STARTS = 8  # of the shipped policy
GAP = 24 * 60  # minutes of health between incidents, of the shipped policy


def panic(boot, start):
    boot.clear_crash_dumps()
    boot.crash_dump(seconds=1_800_000_000 + 60 * start)


def climb(guest, rungs, first=0):
    """Each start is of the given rung and panics. Returns the last one, which has left its dump and still runs."""
    for start, rung in enumerate(rungs, first):
        if start > first:
            boot.reset()
        boot = guest.boot()
        assert boot.note.rung == rung, f"start {start}: {boot.note}"
        panic(boot, start)
    return boot


def ready(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    return guest


def run(vm):
    guest = ready(vm)
    climb(guest, TO_ASIDE + ["aside", "aside"]).reset()
    boot = guest.boot()
    boot.answer("good")
    boot.reset()
    boot = guest.boot()
    assert boot.note.rung == "normal" and boot.note.counters.failures == 0, boot.note


def run_aside_fails(vm):
    """Aside that panics goes on as aside for as long as no new incident may be opened; then comes one more safe (R3, R37)."""
    guest = ready(vm)
    asides = ASIDE_STARTS + 2
    boot = climb(guest, TO_ASIDE + ["aside"] * asides)
    assert (boot.note.reason, boot.note.incident) == ("still-aside", 1), boot.note
    # Nothing but the throttle was in the way.
    boot.answer("none", healthy=GAP)
    boot.reset()
    first = len(TO_ASIDE) + asides
    boot = climb(guest, ["safe"], first)
    assert (boot.note.reason, boot.note.incident) == ("last-resort", 2), boot.note
    boot.reset()
    boot = climb(guest, ["safe", "rescue", "rescue", "aside"], first + 1)
    assert boot.note.reason == "rescue-failed", boot.note

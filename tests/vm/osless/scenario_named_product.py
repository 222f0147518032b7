"""A crash text that names a changed product: safe, repair, trial, health, and the throttle after it (R37)."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def panic(boot, seconds):
    boot.clear_crash_dumps()
    boot.answer("none", previous="panic", changed=True, accused=True)
    boot.crash_dump(seconds=seconds)
    boot.reset()


def run(vm):
    guest = vm.osless()
    boot = guest.boot()
    boot.answer("good")
    boot.reset()
    for start, rung in enumerate(["normal", "normal", "safe"]):
        boot = guest.boot()
        assert boot.note.rung == rung, boot.note
        if rung == "normal":
            panic(boot, 1_800_000_000 + 60 * start)
    assert boot.note.reason == "crashes-safe" and boot.note.incident == 1, boot.note
    boot.answer("clean", request="trial")
    boot.reset()
    boot = guest.boot()
    assert boot.note.rung == "trial", boot.note
    boot.answer("good", healthy=10)
    boot.reset()
    boot = guest.boot()
    assert boot.note.rung == "normal" and boot.note.cooldown > 1400, boot.note
    for start in range(2):
        panic(boot, 1_800_001_000 + 60 * start)
        boot = guest.boot()
    assert boot.note.rung == "held", boot.note  # the throttle has no token: every product stays on
    panic(boot, 1_800_002_000)
    boot = guest.boot()
    assert boot.note.rung == "aside" and boot.note.reason == "throttled", boot.note

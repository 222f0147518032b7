"""A crash text that names a changed product: safe, repair, trial and health. What fails within an hour of health is the same
incident, behind that the throttle counts (R26, R37)."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def panic(boot, seconds, healthy):
    boot.clear_crash_dumps()
    boot.answer("none", previous="panic", changed=True, accused=True, healthy=healthy)
    boot.crash_dump(seconds=seconds)
    boot.reset()


def repair(guest, boot, seconds, healthy):
    """Two panics from `boot` on, the safe start and a trial, of a machine that was healthy for so many minutes."""
    for start in range(2):
        panic(boot, seconds + 60 * start, healthy)
        boot = guest.boot()
    assert boot.note.rung == "safe" and boot.note.reason == "crashes-safe" and boot.note.incident == 1, boot.note
    boot.answer("clean", request="trial", healthy=healthy)
    boot.reset()
    boot = guest.boot()
    assert boot.note.rung == "trial", boot.note
    boot.answer("good", healthy=healthy)
    boot.reset()
    boot = guest.boot()
    assert boot.note.rung == "normal" and boot.note.cooldown > 1360, boot.note
    return boot


def run(vm):
    guest = vm.osless()
    boot = guest.boot()
    boot.answer("good")
    boot.reset()
    boot = repair(guest, guest.boot(), 1_800_000_000, healthy=10)
    assert guest.record().proof_minutes == 60, guest.record()
    boot.answer("good", healthy=69)
    boot.reset()
    boot = repair(guest, guest.boot(), 1_800_000_500, healthy=69)
    assert guest.record().incident_starts == 2, guest.record()
    boot.answer("good", healthy=129)
    boot.reset()
    boot = guest.boot()
    assert guest.record().proof_minutes == 0, guest.record()
    for start in range(2):
        panic(boot, 1_800_001_000 + 60 * start, 129)
        boot = guest.boot()
    assert boot.note.rung == "held", boot.note  # the throttle has no token: every product stays on
    panic(boot, 1_800_002_000, 129)
    boot = guest.boot()
    assert boot.note.rung == "aside" and boot.note.reason == "throttled", boot.note

"""Starts that hang under the hardware watchdog, without an operating system."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import time

from vm.formats import WATCHDOGS

SECONDS = 60  # the fewest that limits may say
PATIENCE = 240


def hang(vm, guest):
    """The start that runs does nothing until the machine resets."""
    begin = time.monotonic()
    guest.machine.wait_for_reset(PATIENCE)
    took = time.monotonic() - begin
    vm.say(f"reset after {took:.0f} s")
    # Not at the first of two expiries, at half of the time.
    assert took > SECONDS / 2 + 5, f"reset after {took:.0f} s"


def expect(boot, rung, kind, ending, resets):
    note = boot.note
    seen = (note.rung, WATCHDOGS[note.watchdog], note.last_ending, note.counters.watchdog)
    assert seen == (rung, kind, ending, resets) and "not-watched" not in note.troubles, note
    assert WATCHDOGS[boot.guest.record().watchdog] == kind, boot.guest.record()


def armed(guest, kind):
    """The first start of a machine is good: from then on endings are counted."""
    boot = guest.boot()
    expect(boot, "normal", kind, "none", 0)
    boot.answer("good")
    boot.reset()
    return guest.boot()

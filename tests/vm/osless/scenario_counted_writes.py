"""Good boots only: counters stay 0, and each boot writes the flash twice (R54)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.flash import WriteCount

BOOTS = 6


def run(vm, boots=BOOTS):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    count = WriteCount(guest.flash)
    for _ in range(boots):
        boot = guest.boot()
        assert boot.note.rung == "normal" and boot.note.reason == "ordinary", boot.note
        assert boot.note.armed and boot.note.counters.failures == 0, boot.note
        boot.answer("good")
        boot.reset()
        count.take()
    guest.boot()
    guest.power_cut()
    # One start more than answers: the last one was cut off.
    assert count.of(guest.name("Record")) == boots + 1
    assert count.of(guest.name("Answer")) == boots
    assert count.of("Daruma") == 2 * boots + 1 and count.reclaims == 0, count.writes
    assert guest.record().counters.failures == 0

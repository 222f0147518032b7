"""A tour of the OS-less guest: each call of the README once, with Daruma in the boot path."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.flash import WriteCount
from vm.formats import Limits
from vm.load_option import titles_in_order

TIME_LIMIT = 300


def run(vm):
    guest = vm.osless(limits=Limits(panic=3), clock="2031-01-01T00:00:00")
    assert titles_in_order(guest.flash) == ["Daruma", "debian"]

    boot = guest.boot()  # switches on
    assert boot.note.rung == "normal" and boot.note.record_state == "absent"
    boot.answer("good", healthy=5)

    writes = WriteCount(guest.flash)
    boot.reset()  # by the guest
    boot = guest.boot()
    boot.answer("good", healthy=6)
    assert writes.of("Daruma") == 2, writes.writes  # one by the stage, one by the OS

    boot.crash_dump(seconds=1900000000)
    guest.machine.reset()  # the reset button
    boot = guest.boot()
    assert boot.note.last_ending == "late", boot.note

    boot.enter_run_time()  # from here on as an operating system: the record is out of sight
    assert guest.name("Record") not in boot.names()
    boot.power_off()

    guest.flash.corrupt(guest.name("Record"), 50, b"\xff\xff")  # while it is off
    boot = guest.boot()
    assert boot.note.record_state == "damaged", boot.note
    boot.power_cut()
    assert guest.record().starts >= 1

"""Power cuts at random instants of a boot: the record is the old or the new one, never half of one (R1)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import random
import time

CUTS = 30
LONGEST = 6.0  # seconds from power-on; a boot reaches its payload in less


def run(vm, cuts=CUTS):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    starts = guest.record().starts
    chance = random.Random(20240719)
    for cut in range(cuts):
        guest.machine.start()
        time.sleep(chance.uniform(0.0, LONGEST))
        guest.power_cut()
        record = guest.record()  # raises where the checksum is wrong
        assert record.starts in (starts, starts + 1), f"cut {cut}: {starts} then {record.starts}"
        assert record.rung == "normal", f"cut {cut}: {record}"
        starts = record.starts
    guest.machine.commands.skip()  # what the starts that were cut had said
    boot = guest.boot()
    assert boot.note.rung == "normal" and boot.note.record_state == "valid", boot.note
    vm.say(f"{cuts} cuts, {starts} starts reached the record")

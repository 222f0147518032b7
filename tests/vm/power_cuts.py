"""Power cuts at random instants of a boot: the record is the old or the new one, never half of one (R1)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import random
import time

LONGEST = 1.4  # times as long as a boot takes on this machine now: cuts fall before the record is written and behind


def cut_at_random(vm, count: int) -> None:
    """So many cuts of a guest without an operating system."""
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    began = time.monotonic()
    guest.boot().answer("good")
    longest = LONGEST * (time.monotonic() - began)
    guest.power_cut()
    reached = 0
    starts = guest.record().starts
    chance = random.Random(20240719)
    for cut in range(count):
        guest.machine.start()
        time.sleep(chance.uniform(0.0, longest))
        guest.power_cut()
        record = guest.record()  # raises where the checksum is wrong
        assert record.starts in (starts, starts + 1), f"cut {cut}: {starts} then {record.starts}"
        assert record.rung == "normal", f"cut {cut}: {record}"
        reached += record.starts - starts
        starts = record.starts
    guest.machine.commands.skip()  # what the starts that were cut had said
    boot = guest.boot()
    assert boot.note.rung == "normal" and boot.note.record_state == "valid", boot.note
    vm.say(f"{count} cuts within {longest:.1f} s, {reached} came after the record was written")
    assert 0 < reached < count, reached

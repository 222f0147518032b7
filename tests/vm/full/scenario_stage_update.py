"""A new firmware stage is tried for one start: a good one takes the old one's place, one that does not come up does not (R53).

One that hangs is ended by the firmware's own watchdog, after five minutes; nobody has to walk to the machine.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import boots
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 2400
SOURCE = "/usr/lib/daruma/darumax64.efi"
IN_USE = "/boot/efi/EFI/daruma/darumax64.efi"
TRIAL = "/boot/efi/EFI/daruma/trialx64.efi"
NEW = "Daruma (new)"


def word(guest):
    return json.loads(guest.check("daruma status --json=short"))["stage_update"]


def events(guest, name):
    return sum(event["event"] == name for event in json.loads(guest.check("daruma history --json=short"))["events"])


def start(vm):
    guest = vm.watched(Product())
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    return guest


def install(guest, stage):
    guest.write(SOURCE, stage)
    guest.check("daruma install", timeout=600)
    assert word(guest) == "next-start"


def entry_offset(stage):
    """Of the first instruction in the file (PE format: the section table translates its address)."""
    header = int.from_bytes(stage[0x3c:0x40], "little")
    address = int.from_bytes(stage[header + 40:header + 44], "little")
    sections = int.from_bytes(stage[header + 6:header + 8], "little")
    table = header + 24 + int.from_bytes(stage[header + 20:header + 22], "little")
    for section in range(table, table + 40 * sections, 40):
        size, first, _, raw = (int.from_bytes(stage[section + at:section + at + 4], "little") for at in (8, 12, 16, 20))
        if first <= address < first + size:
            return raw + address - first
    raise AssertionError("the entry point lies in no section")


def expect_ended(guest, stage, outcome):
    """What is in use, what is told, and that nothing of the trial is left."""
    guest.wait_until(GOOD, 300)
    guest.wait_until(f"test ! -e {TRIAL}", 120)
    assert guest.read(IN_USE) == stage
    assert word(guest) == outcome
    assert NEW not in guest.check("efibootmgr")


def run(vm):
    guest = start(vm)
    old = guest.read(SOURCE)
    new = old + b"another one     "  # behind what is loaded
    install(guest, new)
    assert guest.read(IN_USE) == old
    guest.reboot(until="multi-user.target")
    assert boots(guest)[-1].entry == NEW
    expect_ended(guest, new, "none")
    assert events(guest, "stage.updated") == 1
    guest.reboot(until="multi-user.target")
    assert boots(guest)[-1].entry == "Daruma"
    guest.wait_until(GOOD, 180)

    # The firmware refuses it, and goes on in the same start.
    install(guest, b"MZ" + bytes(4094))
    guest.reboot(until="multi-user.target")
    assert boots(guest)[-1].entry == "Daruma"
    expect_ended(guest, new, "refused")
    assert events(guest, "stage.refused") == 1


def run_hanging(vm):
    guest = start(vm)
    old = guest.read(SOURCE)
    at = entry_offset(old)
    install(guest, old[:at] + b"\xeb\xfe" + old[at + 2:])  # a jump to itself
    guest.reboot(timeout=1200, until="multi-user.target")
    assert [boot.entry for boot in boots(guest)][-2:] == [NEW, "Daruma"]
    expect_ended(guest, old, "refused")
    counters = json.loads(guest.check("daruma status --json=short"))["counters"]
    assert counters["panic"] == counters["unexplained"] == 0, counters

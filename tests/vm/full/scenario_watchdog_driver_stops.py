"""A watchdog whose driver in Linux stops it, on a real Debian: after a good start the stage arms that one and no other, the start is
watched until the driver comes, and the machine stays up (R5)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import time

from vm.formats import WATCHDOGS
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 1200
SECONDS = 120  # until its driver is there


def run(vm):
    # The board has one too, which would come first.
    guest = vm.watched(Product(), {"watchdog_seconds": SECONDS}, hardware={"extra": ["-device", "i6300esb"]},
                       kernel_options="module_blacklist=iTCO_wdt")
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    checked = guest.check("daruma check | grep ^watchdog")
    assert "i6300ESB timer stops it" in checked or "this start was watched" in checked, checked
    guest.reboot(until="multi-user.target")
    note = guest.note()
    assert WATCHDOGS[note.watchdog] == "i6300esb" and note.troubles == (), note
    before = guest.machine.resets
    guest.wait_until(GOOD, 400)
    time.sleep(SECONDS + 30)
    assert guest.machine.resets == before, "the machine was reset in use"
    assert "this start was watched by the hardware (i6300esb)" in guest.check("daruma check")

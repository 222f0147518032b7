"""A start that hangs before it has a driver is reset by the hardware watchdog, by itself, and counted as that (R4, R5).

Nobody presses anything. What follows from more of them, and the table WDAT, is full/scenario_watchdog_resets.py.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.formats import Limits
from vm.hang import SECONDS, armed, expect, hang
from vm.wdat import REBOOTS

TIME_LIMIT = 900


def run(vm):
    guest = vm.osless(limits=Limits(watchdog_seconds=SECONDS), extra=REBOOTS)
    expect(armed(guest, "tco"), "normal", "tco", "good", 0)
    hang(vm, guest)
    expect(guest.boot(), "normal", "tco", "watchdog", 1)

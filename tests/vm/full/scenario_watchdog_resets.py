"""Starts that hang are reset by the hardware watchdog until the safe profile comes, which has none (R4, R5)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import time

from vm.formats import WATCHDOGS, Limits
from vm.hang import SECONDS, armed, expect, hang
from vm.wdat import REBOOTS, wdat_arguments

TIME_LIMIT = 900


def run(vm):
    guest = vm.osless(limits=Limits(watchdog_seconds=SECONDS), extra=REBOOTS)
    expect(armed(guest, "tco"), "normal", "tco", "good", 0)
    hang(vm, guest)
    expect(guest.boot(), "normal", "tco", "watchdog", 1)
    hang(vm, guest)
    boot = guest.boot()
    expect(boot, "held", "tco", "watchdog", 2)
    # The third crash, so that the safe profile comes, while the watchdog still counts.
    boot.crash_dump(seconds=1_800_000_000)
    boot.reset()
    boot = guest.boot()
    expect(boot, "safe", "none", "panic", 2)
    before = guest.machine.resets
    time.sleep(SECONDS + 20)
    assert guest.machine.resets == before and boot.names(), "the safe profile was reset"
    # It ends without evidence: what the watchdog said of other starts is over.
    boot.reset()
    assert guest.boot().note.last_ending == "unexplained"


def run_wdat(vm):
    """A watchdog that only the firmware's table WDAT describes resets a start that hangs, and is asked (R4, R5)."""
    guest = vm.osless(limits=Limits(watchdog_seconds=SECONDS), extra=wdat_arguments(vm.folder))
    boot = armed(guest, "wdat")
    expect(boot, "normal", "wdat", "good", 0)
    hang(vm, guest)
    expect(guest.boot(), "normal", "wdat", "watchdog", 1)


def run_i6300esb(vm):
    """A 6300ESB, which virtual machines may have, resets a start that hangs; beside it the TCO is left alone (R4, R5)."""
    limits = Limits(watchdog_seconds=SECONDS, watchdogs=1 << WATCHDOGS.index("i6300esb"))
    guest = vm.osless(limits=limits, extra=["-device", "i6300esb"])
    expect(armed(guest, "i6300esb"), "normal", "i6300esb", "good", 0)
    hang(vm, guest)
    expect(guest.boot(), "normal", "i6300esb", "watchdog", 1)

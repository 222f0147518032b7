"""Orderly stops before health are no failures, and SysRq and NMI panics never select safe (R4, R38)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import PANIC
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 2600
STOP = "daruma-clean-stop.service"  # answers an orderly stop once it is active


def run(vm):
    guest = vm.watched(Product())
    guest.boot(until=STOP)
    # Nobody answers "good": health is not looked at.
    guest.check("systemctl mask --now daruma-gate.service")
    guest.check("sync")
    guest.reboot(until=STOP)
    note = guest.note()
    assert note.last_ending in ("clean", "good") and note.counters.failures == 0, note
    guest.reboot(until=STOP)
    note = guest.note()
    assert note.last_ending == "clean" and note.rung == "normal" and note.counters.failures == 0, note

    guest.check("sysctl -w kernel.sysrq=1 kernel.panic=5 kernel.unknown_nmi_panic=1")
    guest.start("echo c >/proc/sysrq-trigger")
    guest.console.wait_for(PANIC, 180)
    guest.boot()
    guest.wait_until("systemctl is-active --quiet daruma-guard.service")
    assert guest.last_answer().previous == "operator", guest.last_answer()

    guest.check("sysctl -w kernel.sysrq=1 kernel.panic=5 kernel.unknown_nmi_panic=1")
    guest.machine.nmi()
    guest.console.wait_for(PANIC, 180)
    guest.boot()
    guest.wait_until("systemctl is-active --quiet daruma-guard.service")
    assert guest.last_answer().previous == "operator", guest.last_answer()
    note = guest.note()
    assert note.rung == "normal" and note.counters.panic == 1, note  # the last one; the guard has corrected it since

    guest.check("systemctl unmask daruma-gate.service && systemctl start daruma-gate.service")
    guest.wait_until(GOOD, 400)

"""The stage of aarch64 does what that of x86_64 does: the same scenarios, on the other machine (R3, R7, R31, R35).

Power cuts at any instant are left out: AAVMF erases and rewrites its whole store for one write, so one of them may take all
variables away. R1 holds where the firmware keeps old or new.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.formats import WATCHDOGS, Limits
from vm.paths import VM
from vm.scenario import load

TIME_LIMIT = 900


def on_aarch64(vm, name, function="run"):
    vm.architecture = "aarch64"
    getattr(load(VM / "osless" / f"scenario_{name}.py"), function)(vm)


def run_panic_ladder(vm):
    """On aarch64, panics climb normal, held, safe, rescue, aside (R3)."""
    on_aarch64(vm, "panic_ladder")


def run_no_watchdog(vm):
    """On aarch64, limits ask for a watchdog, and the tables of the firmware, which are looked at, have none: the start goes on (R5)."""
    vm.architecture = "aarch64"
    guest = vm.osless(limits=Limits(watchdog_seconds=60, watchdogs=1 << WATCHDOGS.index("sbsa")))
    note = guest.boot().note
    assert (note.rung, note.watchdog, note.troubles) == ("normal", 0, ("not-watched",)), note


def run_measured_rungs(vm):
    """On aarch64, a quote of the TPM tells the rungs apart (R35)."""
    on_aarch64(vm, "measured_rungs")


def run_damaged_state(vm):
    """On aarch64, record, answer and limits with flipped bits: normal boot, and the reason in the note (R7)."""
    on_aarch64(vm, "damaged_state")


def run_refused_target(vm):
    """On aarch64, a safe target that no trusted key signed makes way for the normal one (R31)."""
    on_aarch64(vm, "secure_boot", "run_refused_safe_target")


def run_unsigned_stage(vm):
    """On aarch64, an unsigned stage is not started, and the machine comes up without it (R31)."""
    on_aarch64(vm, "secure_boot", "run_unsigned_stage")

"""On aarch64, good boots only: counters stay 0, and each boot writes the flash twice (R54)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.paths import VM
from vm.scenario import load


def run(vm):
    vm.architecture = "aarch64"
    load(VM / "osless" / "scenario_counted_writes.py").run(vm, boots=2)

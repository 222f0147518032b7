"""300 power cuts at random instants of a boot (R1)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.paths import VM
from vm.scenario import load

TIME_LIMIT = 3600


def run(vm):
    load(VM / "osless" / "scenario_random_power_cuts.py").run(vm, cuts=300)

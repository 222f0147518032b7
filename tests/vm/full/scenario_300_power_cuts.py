"""300 power cuts at random instants of a boot (R1)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
TIME_LIMIT = 3600


def run(vm):
    vm.scenario("osless/scenario_random_power_cuts.py").run(vm, cuts=300)

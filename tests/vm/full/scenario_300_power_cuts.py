"""300 power cuts at random instants of a boot (R1)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.power_cuts import cut_at_random

TIME_LIMIT = 3600


def run(vm):
    cut_at_random(vm, 300)

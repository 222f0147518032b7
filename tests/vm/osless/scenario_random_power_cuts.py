"""Power cuts at random instants of a boot: the record is the old or the new one, never half of one (R1)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.power_cuts import cut_at_random


def run(vm):
    cut_at_random(vm, 30)

"""A bad module in the place of a good one: the module is set aside and the last good one put back, with depmod done. On two
processors: the one that crashes stops the other."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 1500


def run(vm):
    product = Product()
    guest = vm.watched(product, {"repair__fast_path": False}, hardware={"cpus": 2})
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    first = len(boots(guest)) - 1
    product.push_module(guest, release=2)
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)
    story = boots(guest)[first:]
    assert sum(boot.panicked for boot in story) <= 2, [boot.words for boot in story]
    assert [boot.rung for boot in story].count("safe") == 1, [boot.words for boot in story]
    assert guest.read(product.module_path(guest.disk.image)) == product.module(guest.disk.image)

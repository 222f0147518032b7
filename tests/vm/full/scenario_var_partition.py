"""/var on a partition of its own: the guard waits for it, no start ends in emergency mode, and it heals the fault before
the sensor starts (R50)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, bad_content

TIME_LIMIT = 1500


def run(vm):
    product = Product()
    guest = vm.watched(product, var_partition=True)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert guest.check("findmnt -n -o TARGET /var").strip() == "/var"
    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)
    story = boots(guest)[first:]
    assert [boot.rung for boot in story] == ["normal", "normal"], [boot.words for boot in story]
    assert not any("emergency mode" in boot.text for boot in story)

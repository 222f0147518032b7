"""A bad module that modules-load.d loads before any service: held in the initramfs, set aside, the last good one back, with
at most three failed boots and one safe boot (R50)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import re

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 2650


def run(vm):
    product = Product(modules_load=True)
    guest = vm.watched(product, {"repair__fast_path": False})
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    first = len(boots(guest)) - 1
    # The update lands and takes effect with the next start, before any service.
    guest.write(product.module_path(guest.disk.image), product.module(guest.disk.image, 3))
    guest.check("depmod -a && sync")
    guest.start("systemctl reboot")
    guest.console.wait_for(PANIC, 300)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    assert [boot.rung for boot in story].count("safe") == 1, words
    assert sum(boot.panicked for boot in story) <= 3, words
    held = guest.check("journalctl --no-pager | grep daruma-initramfs || true")
    assert re.search(r"safe start: [1-9]\d* modules held", held), held
    assert guest.read(product.module_path(guest.disk.image)) == product.module(guest.disk.image)

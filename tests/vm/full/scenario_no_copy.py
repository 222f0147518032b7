"""A bad module of which no good copy was kept: it is taken away, and the machine is healthy without that product."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import SERVICE, Product

TIME_LIMIT = 1800


def run(vm):
    product = Product()
    # The module is larger than what may be copied.
    guest = vm.watched(product, {"generations__store_file_bytes": 4096, "repair__fast_path": False})
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    path = product.module_path(guest.disk.image)
    first = len(boots(guest)) - 1
    product.push_module(guest, release=2)
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0, say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    assert [boot.rung for boot in story].count("safe") == 1, words
    assert story[-1].rung == "trial" and not story[-1].panicked, words
    assert guest.run(f"test -e {path}").status == 1
    assert guest.run(f"systemctl is-active --quiet {SERVICE}").status != 0
    entries = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    assert [entry["path"] for entry in entries] == [path], entries

    # The vendor's next update fills the place, and the product counts in health again.
    guest.write(path, product.module(guest.disk.image, 1))
    guest.check(f"depmod -a && systemctl restart {SERVICE}")
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert product.is_running(guest)
    assert guest.note().rung == "normal", guest.note()

"""An update brings a module and content together, and the machine crashes: both go back to what was good, the module with
all that belongs to it, with one safe start (R13, R23)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, good_content

TIME_LIMIT = 1500


def run(vm):
    product = Product()
    guest = vm.watched(product, {"repair__fast_path": False})
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    first = len(boots(guest)) - 1
    path = product.module_path(guest.disk.image)
    guest.write("/root/update.ko", product.module(guest.disk.image, 2))
    product.land(guest, good_content(revision=2))
    guest.start(f"cp /root/update.ko {path} && systemctl start {product.updater} && systemctl restart {product.service}")
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    assert sum(boot.panicked for boot in story) <= 3, words
    assert [boot.rung for boot in story].count("safe") == 1, words
    assert story[-1].rung == "trial" and not story[-1].panicked, words
    assert guest.read(path) == product.module(guest.disk.image)
    for name, data in good_content().items():
        assert guest.read(f"{product.content_folder}/{name}") == data, name
    aside = {entry["path"] for entry in json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]}
    assert {path, f"{product.content_folder}/rules.bin", f"{product.content_folder}/MANIFEST.sha256"} <= aside, aside
    # Kept for whoever looks into it, and nothing of it comes back with the next ordinary start.
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert product.is_running(guest, revision=1) and guest.note().rung == "normal", guest.note()

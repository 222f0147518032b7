"""The July 2024 fault with the shipped policy: the crash text names the sensor and its content changed, so the next
normal start puts the last good content back before the sensor starts. One crash, no safe start (R12, R50)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import CONTENT, Product, bad_content, good_content

TIME_LIMIT = 1500


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]
    for name, data in good_content().items():
        assert guest.read(f"{CONTENT}/{name}") == data, name
    explanation = json.loads(guest.check("daruma explain --json=short"))
    assert explanation["verdict"]["certainty"] == "certain", explanation
    assert explanation["verdict"]["product"] == "acme-sensor", explanation
    assert "names its module" in guest.check("daruma explain")
    listed = json.loads(guest.check("daruma list-quarantine --json=short"))
    assert any(entry["path"] == f"{CONTENT}/rules.bin" for entry in listed["entries"]), listed

    # Once a product in 24 healthy hours: the same again goes up the ladder, and heals there.
    again = len(boots(guest)) - 1
    product.push(guest, bad_content(revision=3))
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)
    story = boots(guest)[again:]
    assert [boot.rung for boot in story].count("safe") == 1, [boot.words for boot in story]

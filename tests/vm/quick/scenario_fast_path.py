"""The July 2024 fault with the shipped policy: an unchanged driver and a bad data file. The crash text names the sensor
and its content changed (R12), so the next normal start puts the last good content back before the sensor starts: one
crash, no safe start. The same again within 24 healthy hours goes up the ladder, and heals there: at most three failed
starts and one safe one (R50).

The content set is restored as a whole, the bad one kept (R23), nothing else is touched (R29), an ordinary good start
writes the flash twice (R54).
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.flash import WriteCount
from vm.prepared import GOOD
from vm.product import CONTENT, Product, bad_content, good_content

TIME_LIMIT = 2700
USER_DATA = "find /home /root /etc -xdev -type f ! -path '/etc/daruma/*' ! -name '50-daruma-*.conf' " \
            "-exec sha256sum {} + | sort | sha256sum"


def update_and_recover(vm, guest, product, revision):
    """The boots from the one on which the bad content lands."""
    first = len(boots(guest)) - 1
    product.push(guest, bad_content(revision))
    guest.console.wait_for(PANIC, 240)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), timeout=1200,
                         say=vm.say)
    for name, data in good_content().items():
        assert guest.read(f"{CONTENT}/{name}") == data, name
    return boots(guest)[first:]


def run(vm):
    product = Product()
    guest = vm.watched(product)
    count = WriteCount(guest.flash)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    assert count.of("Daruma") == 2, count.writes
    assert guest.note().rung == "normal" and guest.note().armed, guest.note()
    guest.check("echo precious >/home/precious")
    before = guest.check(USER_DATA)

    story = update_and_recover(vm, guest, product, revision=2)
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]
    verdict = json.loads(guest.check("daruma explain --json=short"))["verdict"]
    assert (verdict["certainty"], verdict["product"]) == ("certain", "acme-sensor"), verdict
    assert "names its module" in guest.check("daruma explain")
    listed = json.loads(guest.check("daruma list-quarantine --json=short"))
    assert any(entry["path"] == f"{CONTENT}/rules.bin" for entry in listed["entries"]), listed
    assert guest.check(USER_DATA) == before
    # While something of it is set aside its updater waits (R25); what is deleted for good holds it no more.
    guest.check("systemctl start acme-updater.service")
    assert guest.check("systemctl show -P ConditionResult acme-updater.service").strip() == "no"
    guest.check("daruma purge all -y")

    story = update_and_recover(vm, guest, product, revision=3)
    assert [boot.rung for boot in story].count("safe") == 1, [boot.words for boot in story]
    assert sum(boot.panicked for boot in story) <= 3, [boot.words for boot in story]
    assert guest.check(USER_DATA) == before
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    note = guest.note()
    assert note.rung == "normal" and note.counters.failures == 0 and not note.incident_open, note

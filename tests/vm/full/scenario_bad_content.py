"""The July 2024 fault, without the fast path: at most two failed boots, that of the update's landing
included, and one safe boot (R50).

The content set is restored as a whole, the bad one kept (R23), nothing else is touched (R29), an ordinary good boot
writes the flash twice (R54).
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.flash import WriteCount
from vm.prepared import GOOD
from vm.product import CONTENT, Product, bad_content, good_content

TIME_LIMIT = 1500
USER_DATA = "find /home /root /etc -xdev -type f ! -path '/etc/daruma/*' ! -name '50-daruma-*.conf' " \
            "-exec sha256sum {} + | sort | sha256sum"


def run(vm):
    product = Product()
    guest = vm.watched(product, {"repair__fast_path": False})

    count = WriteCount(guest.flash)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert count.of("Daruma") == 2, count.writes
    assert guest.note().rung == "normal" and guest.note().armed, guest.note()
    guest.check("echo precious >/home/precious")
    before = guest.check(USER_DATA)

    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    assert sum(boot.panicked for boot in story) <= 2, [boot.words for boot in story]
    assert [boot.rung for boot in story].count("safe") == 1, [boot.words for boot in story]
    assert story[-1].rung == "trial" and not story[-1].panicked, [boot.words for boot in story]
    for name, data in good_content().items():
        assert guest.read(f"{CONTENT}/{name}") == data, name
    assert guest.check(USER_DATA) == before
    listed = json.loads(guest.check("daruma list-quarantine --json=short"))
    assert any(entry["path"] == f"{CONTENT}/rules.bin" for entry in listed["entries"]), listed
    assert "acme-sensor" in guest.check("daruma explain")
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    note = guest.note()
    assert note.rung == "normal" and note.counters.failures == 0 and not note.incident_open, note

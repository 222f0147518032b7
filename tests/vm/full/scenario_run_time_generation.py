"""Content that lands and runs well is recorded while the machine runs, without a restart: what is put back after a bad update
later in the same start is that content, not what the start began with. One crash (R23, R50)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import time

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, bad_content, good_content

TIME_LIMIT = 1500
POLICY = {"generations__scan_seconds": 10}


def good_starts(guest):
    events = json.loads(guest.check("daruma history --json=short"))["events"]
    return [event["boot_id"] for event in events if event["event"] == "boot.succeeded"]


def generations(guest):
    return json.loads(guest.check("daruma list-generations --json=short"))["generations"]


def newest(guest):
    return max(generations(guest), key=lambda row: row["generation"])


def changes(guest):
    """Since the last good generation."""
    return [change["path"] for change in json.loads(guest.check("daruma diff --json=short"))["changes"]]


def wait_until_recorded(guest, known, timeout=180):
    """Waits until the timer has recorded what landed, in a good generation after `known`."""
    deadline = time.monotonic() + timeout
    while newest(guest)["generation"] == known or changes(guest):
        assert time.monotonic() < deadline, (newest(guest), changes(guest))
        time.sleep(2)
    row = newest(guest)
    assert row["cause"] == "run-time" and row["good"] is True, row


def run(vm):
    product = Product()
    guest = vm.watched(product, POLICY)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    # What the start itself proved is recorded just after its answer.
    while guest.note().boot_id.hex() not in good_starts(guest):
        time.sleep(1)
    first = len(boots(guest)) - 1
    known = newest(guest)["generation"]

    product.push(guest, good_content(revision=2), wait=True)
    wait_until_recorded(guest, known)
    assert product.is_running(guest, revision=2)

    product.push(guest, bad_content(revision=3))
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=2), say=vm.say)
    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]
    for name, data in good_content(revision=2).items():
        assert guest.read(f"{product.content_folder}/{name}") == data, name
    aside = {entry["path"] for entry in json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]}
    assert f"{product.content_folder}/rules.bin" in aside, aside

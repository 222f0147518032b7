"""Two products are updated at the same time and one of the updates is bad: the report of the crash names its module, so the
verdict is certain for the guilty one whichever came first, and the innocent keeps its new content. One crash (R12, R13)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, bad_content, good_content

TIME_LIMIT = 1500


def heals(vm, guilty_first):
    guilty, innocent = Product(), Product(name="zenith")
    guest = vm.watched(guilty, others=(innocent,))
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    first = len(boots(guest)) - 1
    guilty.land(guest, bad_content())
    innocent.land(guest, good_content(revision=2))
    order = [guilty, innocent] if guilty_first else [innocent, guilty]
    # The sensors are stopped meanwhile, so that both updates are there before the first of them runs.
    sensors = f"{guilty.service} {innocent.service}"
    updates = " && sleep 1.2 && ".join(f"systemctl start {product.updater}" for product in order)
    guest.start(f"systemctl stop {sensors} && {updates} && systemctl start {sensors}")
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and guilty.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]
    verdict = json.loads(guest.check("daruma explain --json=short"))["verdict"]
    assert (verdict["certainty"], verdict["product"]) == ("certain", guilty.id), verdict
    assert {suspect["product"] for suspect in verdict["suspects"]} == {guilty.id, innocent.id}, verdict
    guest.wait_until(f"systemctl is-active --quiet {innocent.service}", 60)
    assert innocent.revision(guest) == 2 and innocent.is_running(guest, revision=2)
    listed = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    assert listed and all(entry["path"].startswith(f"{guilty.content_folder}/") for entry in listed), listed


def run_guilty_first(vm):
    heals(vm, guilty_first=True)


def run_guilty_last(vm):
    heals(vm, guilty_first=False)

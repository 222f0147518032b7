"""The power goes in the middle of a trial: that convicts nobody. The trial is made again, the machine becomes healthy in
it, and the innocent product that was updated in the same minute keeps its new content (R16, R38)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import boots, wait_until_recovered
from vm.prepared import GOOD, POLICY_PATH, policy
from vm.product import Product, bad_content, good_content

TIME_LIMIT = 1800
TRIAL = r"Daruma: trial\b"


def run(vm):
    guilty, innocent = Product(), Product(name="zenith")
    guest = vm.watched(guilty, others=(innocent,))
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.write(POLICY_PATH, policy(repair__fast_path=False))
    first = len(boots(guest)) - 1
    innocent.land(guest, good_content(revision=2))
    guilty.land(guest, bad_content())
    guest.start(f"systemctl start {innocent.updater} && systemctl start {guilty.updater}")
    guest.console.wait_for(TRIAL, 600)
    guest.machine.commands.skip()
    guest.boot()  # until it takes commands, which is long before the good answer
    guest.power_cut()
    guest.boot(until="multi-user.target")
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and guilty.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    vm.say(f"{words}")
    assert [boot.rung for boot in story].count("safe") == 1, words
    assert [(boot.rung, boot.panicked) for boot in story[-2:]] == [("trial", False), ("trial", False)], words
    entries = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    assert entries and all(entry["path"].startswith(f"{guilty.content_folder}/") for entry in entries), entries
    assert innocent.is_running(guest, revision=2)
    verdict = json.loads(guest.check("daruma explain --json=short"))["verdict"]
    assert verdict["product"] == guilty.id, verdict

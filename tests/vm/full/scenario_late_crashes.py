"""A machine that crashes again and again long after good starts: the stage counts none of it, and still the update that came
before the first of these crashes is set aside once there were as many as the policy says (R6, R50)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots
from vm.prepared import GOOD
from vm.product import CONTENT, Product, good_content

TIME_LIMIT = 2400
# The kernel's report of it names no module and no product.
EATER = "/root/eater"
EAT = f"systemd-run --quiet -p MemoryMax=16M -p MemorySwapMax=0 {EATER} /dev/zero"


def crash_late(guest):
    """After a good answer. The next start is good too."""
    guest.check("sysctl -q vm.panic_on_oom=2")
    guest.start(EAT)
    guest.console.wait_for(f"{PANIC}: Out of memory", 240)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 300)


def run(vm):
    product = Product()
    guest = vm.watched(product, {"repair__late_panics": 2})
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 300)
    first = len(boots(guest)) - 1
    guest.check(f"cp /usr/bin/tail {EATER}")
    product.push(guest, good_content(revision=2), wait=True)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 300)
    assert product.is_running(guest, revision=2)

    crash_late(guest)
    assert product.is_running(guest, revision=2), "one late crash is no loop"
    assert json.loads(guest.check("daruma list-quarantine --json=short"))["entries"] == []
    crash_late(guest)
    assert product.is_running(guest, revision=1), guest.check("daruma explain")
    aside = {entry["path"] for entry in json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]}
    assert f"{CONTENT}/rules.bin" in aside, aside

    story = boots(guest)[first:]
    assert {boot.rung for boot in story} == {"normal"}, [boot.words for boot in story]
    note = guest.note()
    assert note.counters.failures == 0 and not note.incident_open, note

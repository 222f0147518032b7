"""A content update makes the sensor's module damage memory, and a worker of the kernel crashes: no frame of the report is a
module's. Only this product changed, so the verdict is likely and not certain, and a trial without the update proves it.
Another product's module, loaded and tainting the kernel as well, is in the report's list of modules: it changed nothing and
keeps all it has (R12, R13, R62)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, good_content, ruinous_content

TIME_LIMIT = 1800


def run(vm):
    guilty, innocent = Product(), Product(name="zenith")
    guest = vm.watched(guilty, others=(innocent,))
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    # The gate gives panic_on_oops back; the crash is in no interrupt, and this machine is one that panics at each oops.
    guest.wait_until("! systemctl is-active --quiet daruma-gate.service", 180)
    guest.check("sysctl -q kernel.panic_on_oops=1")
    first = len(boots(guest)) - 1
    guilty.push(guest, ruinous_content())
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and guilty.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    vm.say(f"{words}")
    crashed = [boot.text for boot in story if boot.panicked]
    assert all(f"[{product.module_name}]" not in text for text in crashed for product in (guilty, innocent)), words
    assert all(f"{innocent.module_name}(" in text for text in crashed[:1]), "both modules should be loaded"
    # Nobody is named, so it is held before it is safe.
    assert [boot.rung for boot in story] == ["normal", "normal", "normal", "held", "safe", "trial"], words
    assert [boot.panicked for boot in story] == [True, True, True, True, False, False], words
    seen = json.loads(guest.check("daruma list --json=short"))["boots"]
    assert all(boot["crash_module"] is None for boot in seen), seen
    verdict = json.loads(guest.check("daruma explain --json=short"))["verdict"]
    assert (verdict["certainty"], verdict["product"], verdict["partner"]) == ("likely", guilty.id, None), verdict
    assert [suspect["product"] for suspect in verdict["suspects"]] == [guilty.id], verdict
    entries = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    assert {entry["path"] for entry in entries} == {f"{guilty.content_folder}/{name}" for name in good_content()}, entries
    for name, data in good_content().items():
        assert guest.read(f"{guilty.content_folder}/{name}") == data, name
    assert innocent.is_running(guest, revision=1)

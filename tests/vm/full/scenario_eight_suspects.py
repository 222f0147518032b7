"""Eight products are updated in the same minute, and the kernel's report of the crash names no module: the guilty ones are
found by halves, with at most ceil(log2 8) + 2 trials, and what was not set aside until then keeps its new content (R12,
R16)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD, POLICY_PATH, policy
from vm.product import Product, bad_content, bring, good_content

TIME_LIMIT = 2700
NAMES = ("amber", "birch", "cedar", "delta", "ember", "frost", "grove", "heath")
TRIALS_MOST = 5
# Eight sensors that start at once take their time to crash: no start may be called good before that.
SETTLE = 20


def heals(vm, guilty):
    products = [Product(name=name, module=False, enabled=False) for name in NAMES]
    sensors = " ".join(product.service for product in products)
    updaters = " ".join(product.updater for product in products)
    guest = vm.watched(Product())
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.wait_until("! systemctl is-active --quiet daruma-gate.service", 180)
    bring(guest, products)
    guest.write(POLICY_PATH, policy(health__settle_seconds=SETTLE))
    guest.check(f"systemctl enable {sensors} && sync")
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 300)
    guest.wait_until("! systemctl is-active --quiet daruma-gate.service", 400)
    assert all(product.is_running(guest, revision=1) for product in products)

    first = len(boots(guest)) - 1
    for product in products:
        product.land(guest, (bad_content if product.name in guilty else good_content)(revision=2))
    # The sensors are stopped meanwhile, so that all updates are there before the first of them is read.
    guest.start(f"systemctl stop {sensors} && systemctl start {updaters} && systemctl start {sensors}")
    guest.console.wait_for(PANIC, 180)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0, timeout=2000, say=vm.say)

    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    vm.say(f"{words}")
    assert [boot.rung for boot in story].count("trial") <= TRIALS_MOST, words
    assert story[-1].rung == "trial" and not story[-1].panicked, words
    verdict = json.loads(guest.check("daruma explain --json=short"))["verdict"]
    assert verdict["certainty"] != "certain", verdict
    aside = {entry["product"] for entry in json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]}
    vm.say(f"set aside: {sorted(aside)}")
    assert {f"{name}-sensor" for name in guilty} <= aside, aside
    for product in products:
        guest.wait_until(f"systemctl is-active --quiet {product.service}", 60)
        assert product.revision(guest) == (1 if product.id in aside else 2), product.name


def run_one_guilty(vm):
    heals(vm, ("cedar",))


def run_two_guilty(vm):
    heals(vm, ("birch", "grove"))

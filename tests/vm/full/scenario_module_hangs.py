"""A kernel that hangs with interrupts off in a module's init is reset by the hardware, and the module is set aside (R4, R5).

The stage arms the chipset's watchdog only after a good start that saw its driver; the driver takes it over, and a healthy
machine stays up.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import time

from vm.boots import boots, wait_until_recovered
from vm.formats import WATCHDOGS
from vm.prepared import GOOD
from vm.product import Product
from vm.wdat import REBOOTS

TIME_LIMIT = 3000
SECONDS = 300  # until the driver is there; it then asks for 30, which the chipset lets go by twice
TCO = WATCHDOGS.index("tco")


def status(guest):
    return json.loads(guest.check("daruma status --json=short"))


def run(vm):
    product = Product()
    guest = vm.watched(product, {"watchdog_seconds": SECONDS, "repair__fast_path": False}, hardware={"extra": REBOOTS})
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    # The good start in which the machine was made saw the driver.
    assert guest.note().watchdog == TCO, guest.note()
    guest.check("grep -q iTCO_wdt /proc/modules")
    here = guest.boot_id
    time.sleep(100)
    guest.check("true")
    assert guest.boot_id == here and status(guest)["health"] == "good"

    guest.write(product.module_path(guest.disk.image), product.module(guest.disk.image, release=4))
    guest.check("sync")
    first = len(boots(guest))
    guest.start("systemctl reboot")
    wait_until_recovered(guest, lambda g: len(boots(g)) - first >= 5 and g.run(GOOD).status == 0
                         and product.is_running(g, revision=1), timeout=2000, say=vm.say)
    story = boots(guest)[first:]
    assert [boot.rung for boot in story] == ["normal", "normal", "held", "safe", "trial"], [boot.words for boot in story]
    assert not any(boot.panicked for boot in story), [boot.words for boot in story]
    endings = [boot["outcome"] for boot in json.loads(guest.check("daruma list --json=short"))["boots"]]
    assert endings.count("watchdog") == 3, endings
    assert guest.note().watchdog == TCO, guest.note()
    assert guest.read(product.module_path(guest.disk.image)) == product.module(guest.disk.image)

"""An update after which health never holds: each start ends by itself after the deadline, and four lead to safe (R38).

The first of them is ended by a power cut: with no failure open, nobody may call a slow start a hang.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 2700


def run(vm):
    product = Product()
    guest = vm.watched(product, {"health__deadline_seconds": 60})
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    # The update replaces the sensor's program: its service never comes up, and health never holds.
    guest.write("/opt/acme/bin/acme-sensor", b"#!/bin/sh\nexit 1\n", mode=0o755)
    guest.check("sync")
    first = len(boots(guest))
    guest.reboot()
    guest.power_cut()
    guest.boot()
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g), timeout=2000, say=vm.say)
    story = boots(guest)[first:]
    assert "safe" in [boot.rung for boot in story], [boot.words for boot in story]
    assert not any(boot.panicked for boot in story)
    assert b"sha256sum" in guest.read("/opt/acme/bin/acme-sensor")

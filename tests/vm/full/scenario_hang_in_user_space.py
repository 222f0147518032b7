"""Updates after which user space hangs: each start ends by itself after the deadline, and four lead to safe (R38).

The first of them is ended by a power cut: with no failure open, nobody may call a slow start a hang.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import boots, wait_until_recovered
from vm.prepared import GOOD, POLICY_PATH, policy
from vm.product import PRODUCT_FILE, Product

TIME_LIMIT = 2700
DEADLINE = {"health__deadline_seconds": 60}
SENSOR = "/opt/acme/bin/acme-sensor"
PREPARE = "/opt/acme/bin/acme-prepare"
# Nothing of the system's own starts before it is done: no login, no network, no health gate.
EARLY_UNIT = f"""[Unit]
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=infinity
ExecStart={PREPARE}
""".encode()
WANTED = b"[Unit]\nWants=acme-prepare.service\n"


def follow(vm, guest, path, update, recovered):
    """The update lands and takes effect with the next start; the machine is left alone until `recovered(guest)`."""
    good = guest.read(path)
    guest.write(path, update, mode=0o755)
    guest.check("sync")
    first = len(boots(guest))
    guest.reboot()
    guest.power_cut()
    guest.boot()
    wait_until_recovered(guest, recovered, timeout=2000, say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    assert [boot.rung for boot in story[:4]] == ["normal"] * 4, words
    assert story[4].rung == "safe", words
    assert not any(boot.panicked for boot in story), words
    assert guest.read(path) == good
    passed = [line for line in guest.check("daruma history -n 100").splitlines() if "deadline.passed" in line]
    assert len(passed) == 3, passed


def run_health_never_holds(vm):
    """The sensor ends at once: its service never comes up, and everything else does."""
    product = Product()
    guest = vm.watched(product, DEADLINE)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    follow(vm, guest, SENSOR, b"#!/bin/sh\nexit 1\n",
           lambda g: g.run(GOOD).status == 0 and product.is_running(g))


def run_start_is_blocked(vm):
    """A unit of the product, which sysinit.target waits for, never ends."""
    product = Product()
    disk = vm.disk()
    disk.install_daruma()
    disk.install(product, early=True)
    disk.write(POLICY_PATH, policy(**DEADLINE))
    described = PRODUCT_FILE | {"units": PRODUCT_FILE["units"] + ["acme-prepare.service"]}
    disk.write("/etc/daruma/products.d/acme-sensor.json", json.dumps(described).encode())
    disk.write("/etc/systemd/system/acme-prepare.service", EARLY_UNIT)
    disk.write("/etc/systemd/system/sysinit.target.d/acme.conf", WANTED)
    disk.write(PREPARE, b"#!/bin/sh\nexit 0\n", mode=0o755)
    guest = vm.prepared(disk)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    follow(vm, guest, PREPARE, b"#!/bin/sh\nexec sleep infinity\n",
           lambda g: g.run(GOOD).status == 0 and g.run("systemctl is-active --quiet acme-prepare.service").status == 0)

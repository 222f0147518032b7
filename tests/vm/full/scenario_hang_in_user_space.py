"""Updates after which user space hangs: each start ends by itself after the deadline, and four lead to safe (R38). A start
that is up, and not healthy, is no hang: it goes on.

The first of them is ended by a power cut: with no failure open, nobody may call a slow start a hang.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import time

from vm.boots import boots, wait_until_recovered
from vm.prepared import GOOD, POLICY_PATH, policy
from vm.product import PRODUCT_FILE, Product

TIME_LIMIT = 2700
LOOKS = 30  # seconds from one look of the deadline to the next
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


def update_and_cut(guest, path, update):
    """The update lands and takes effect with the next start, which a power cut ends: a failure is open in the one after."""
    guest.write(path, update, mode=0o755)
    guest.check("sync")
    guest.reboot()
    guest.power_cut()
    guest.boot()


def count(guest, event):
    return sum(event in line for line in guest.check("daruma history -n 100").splitlines())


def run_health_never_holds(vm):
    """The sensor ends at once: its service never comes up, and everything else does."""
    product = Product()
    guest = vm.watched(product, DEADLINE)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    good = guest.read(SENSOR)
    update_and_cut(guest, SENSOR, b"#!/bin/sh\nexit 1\n")
    assert guest.note().counters.unexplained == 1
    here = guest.boot_id
    guest.wait_until("daruma history -n 100 | grep -q boot.unhealthy", 240)
    assert guest.run("systemctl is-active --quiet daruma-deadline.timer").status == 0
    time.sleep(2 * LOOKS)
    assert guest.note().counters.unexplained == 1 and guest.boot_id == here
    assert count(guest, "deadline.passed") == 0 and count(guest, "boot.unhealthy") == 1
    assert guest.check("cat /proc/sys/kernel/panic_on_oops").strip() == "0"
    guest.write(SENSOR, good, mode=0o755)
    guest.check("systemctl restart acme-sensor.service")
    guest.wait_until(GOOD, 180)
    assert guest.boot_id == here


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
    good = guest.read(PREPARE)
    first = len(boots(guest))
    update_and_cut(guest, PREPARE, b"#!/bin/sh\nexec sleep infinity\n")
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0
                         and g.run("systemctl is-active --quiet acme-prepare.service").status == 0,
                         timeout=2000, say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    assert [boot.rung for boot in story[:4]] == ["normal"] * 4, words
    assert story[4].rung == "safe", words
    assert not any(boot.panicked for boot in story), words
    assert guest.read(PREPARE) == good
    assert count(guest, "deadline.passed") == 3

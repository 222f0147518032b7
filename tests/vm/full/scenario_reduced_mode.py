"""The bad part of an update is nowhere among the files that can be put back: the last good content does not help, nor does a
crash in its trial end anything. The next step is the least that is left, and it cures the machine (R13)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, bad_content, good_content, product_file

TIME_LIMIT = 2400
CLOUD = "/var/lib/acme/cloud.bin"  # what the vendor's servers told the sensor to use; no content of the product
MODE = "/var/lib/acme/mode"
SENSOR = """#!/bin/sh
set -eu
cd /opt/acme/content
sha256sum --quiet --strict -c MANIFEST.sha256
rules=/opt/acme/content/rules.bin
[ "$(cat /var/lib/acme/mode)" = reduced ] || [ ! -e /var/lib/acme/cloud.bin ] || rules=/var/lib/acme/cloud.bin
printf '%s' "$rules" >/sys/module/acme_sensor/parameters/content
exec sleep infinity
"""
CONTROL = "#!/bin/sh\necho \"$1\" >/var/lib/acme/mode\n"


def crash(vm, more_of_product):
    """A machine in its trial after everything that came with the update was put back in vain."""
    product = Product()
    guest = vm.watched(product, {"repair__fast_path": False})
    guest.disk.write("/opt/acme/bin/acme-sensor", SENSOR.encode(), mode=0o755)
    guest.disk.write("/opt/acme/bin/acme-control", CONTROL.encode(), mode=0o755)
    guest.disk.write(MODE, b"full\n")
    described = product_file("acme", module=True) | more_of_product
    guest.disk.write("/usr/lib/daruma/products.d/acme-sensor.json", json.dumps(described).encode())
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.wait_until("! systemctl is-active --quiet daruma-gate.service", 180)
    first = len(boots(guest)) - 1
    product.push(guest, good_content(revision=2), wait=True)
    guest.write(CLOUD, bad_content(revision=9)["rules.bin"])
    guest.check("sync")
    guest.start(f"systemctl restart {product.service}")
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: len(boots(g)) - first >= 6 and g.run(GOOD).status == 0, timeout=1500, say=vm.say)
    story = boots(guest)[first:]
    assert [boot.rung for boot in story] == ["normal", "normal", "safe", "trial", "safe", "trial"], \
        [boot.words for boot in story]
    assert [boot.panicked for boot in story] == [True, True, False, True, False, False], [boot.words for boot in story]
    assert guest.read(f"{product.content_folder}/names.txt") == good_content()["names.txt"]
    return guest, product


def listed(guest, kind):
    return [(item["product"], item["state"]) for item in json.loads(guest.check("daruma list-quarantine --json=short"))[kind]]


def end(guest, product):
    """The vendor takes it back; the product is given a trial as it was."""
    guest.check(f"rm {CLOUD}")
    guest.check(f"daruma release {product.id}", timeout=600)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert not boots(guest)[-1].panicked
    assert product.is_running(guest, revision=1)


def run_reduced_mode(vm):
    """The product's own reduced mode, which its vendor describes; released, it leaves that mode (R13, R19)."""
    guest, product = crash(vm, {"reduced_mode": {"enter": ["/opt/acme/bin/acme-control", "reduced"],
                                                 "leave": ["/opt/acme/bin/acme-control", "full"]}})
    assert guest.read(MODE) == b"reduced\n"
    assert product.is_running(guest, revision=1), "with less of it, but not without protection"
    assert listed(guest, "reduced_mode") == [(product.id, "reduced")], listed(guest, "reduced_mode")
    assert listed(guest, "switched_off") == []
    assert "reduced mode" in guest.check("daruma explain")
    end(guest, product)
    assert guest.read(MODE) == b"full\n"
    assert listed(guest, "reduced_mode") == []


def run_switched_off(vm):
    """A product without such a mode is switched off, the machine is healthy without it, and says so (R13, R19)."""
    guest, product = crash(vm, {})
    assert not product.is_running(guest)
    assert guest.run(f"test -e /sys/module/{product.module_name}").status != 0
    assert listed(guest, "switched_off") == [(product.id, "switched off")], listed(guest, "switched_off")
    assert "switched off" in guest.check("daruma explain")
    assert guest.run("daruma status").stdout.count(product.id), guest.run("daruma status").stdout
    guest.check(f"rm {CLOUD}")
    guest.check(f"daruma restore {product.id}", timeout=600)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert product.is_running(guest, revision=1)
    assert listed(guest, "switched_off") == []

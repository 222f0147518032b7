"""A product's service loads its module with insmod from the product's own folder, where neither depmod nor the module tree
of the kernel knows of it. A bad module that lands there is a change of the product like any other: the report names it, so
the next start sets it aside and puts the last good one back before the sensor starts (R9, R12, R23)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 1500
OWN = "/opt/acme/bin/acme_sensor.ko"
INSMOD = f"[Service]\nExecStartPre=\nExecStartPre=/usr/sbin/insmod {OWN}\n"
GATE_DONE = "! systemctl is-active --quiet daruma-gate.service"


def run(vm):
    product = Product()
    guest = vm.watched(product)
    image = guest.disk.image
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.wait_until(GATE_DONE, 400)
    guest.write(f"/etc/systemd/system/{product.service}.d/insmod.conf", INSMOD.encode())
    guest.check(f"mv {product.module_path(image)} {OWN} && depmod -a && update-initramfs -u && sync", timeout=400)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.wait_until(GATE_DONE, 400)
    assert product.is_running(guest, revision=1)
    assert guest.run(f"modinfo {product.module_name}").status != 0, "modprobe must not know it"

    first = len(boots(guest)) - 1
    guest.write(OWN, product.module(image, 2))
    guest.start(f"sync && systemctl restart {product.service}")
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]
    assert guest.read(OWN) == product.module(image)
    entries = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    assert [entry["path"] for entry in entries] == [OWN], entries
    verdict = json.loads(guest.check("daruma explain --json=short"))["verdict"]
    assert (verdict["certainty"], verdict["product"]) == ("certain", product.id), verdict

"""The unchanged module of a watched product crashes the machine at each start, and nothing of any product changed: what
feeds it is a file that is no product's. The report names the product, and still it is not switched off: nothing is set
aside, nobody is blamed, and the alarm is raised (R12, R62)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import ASIDE, PANIC, boots
from vm.prepared import GOOD
from vm.product import NAME, Product, bad_content, good_content

TIME_LIMIT = 2400
# Behind the sensor, which reads its own content once it runs.
FEED = "/srv/tuning/table.bin"
UNIT = f"""[Unit]
After=acme-sensor.service
Requires=acme-sensor.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'until grep -qx 1 revision; do sleep 0.2; done; printf %%s {FEED} >content'
WorkingDirectory=/sys/module/{NAME}/parameters
[Install]
WantedBy=multi-user.target
"""


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    first = len(boots(guest)) - 1
    guest.write(FEED, bad_content()["rules.bin"])
    guest.write("/etc/systemd/system/tuning.service", UNIT.encode())
    guest.check("systemctl daemon-reload && systemctl enable tuning.service && sync")
    guest.start("systemctl start tuning.service")
    for _ in range(3):
        guest.console.wait_for(PANIC, 300)
    guest.console.wait_for(ASIDE, 900)
    assert len(boots(guest)[first:]) < 14
    # The administrator takes the file away; the machine is healthy again with every product on.
    guest.power_cut()
    guest.disk.settle()
    guest.disk.delete("/etc/systemd/system/multi-user.target.wants/tuning.service")
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)

    vm.say(f"{[boot.words for boot in boots(guest)[first:]]}")
    assert f"[{NAME}]" in boots(guest)[first].text, "the crash should be in the sensor's module"
    assert product.is_running(guest, revision=1)
    for name, data in good_content().items():
        assert guest.read(f"{product.content_folder}/{name}") == data, name
    assert guest.read(product.module_path(guest.disk.image)) == product.module(guest.disk.image)
    listed = json.loads(guest.check("daruma list-quarantine --json=short"))
    assert listed["entries"] == [] and listed["switched_off"] == [], listed
    assert "recovery.failed" in guest.check("daruma history -n 100")
    verdict = json.loads(guest.check("daruma explain --json=short"))["verdict"]
    assert (verdict["certainty"], verdict["product"]) == ("unknown", None), verdict

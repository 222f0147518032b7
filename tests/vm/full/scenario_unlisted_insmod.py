"""A unit of no watched product runs insmod and crashes the machine: nothing listed changed, so no product is switched
off, the alarm is raised, and the crash is reported with the name of the module that nobody listed (R62)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import ASIDE, PANIC, boots
from vm.prepared import GOOD
from vm.product import CONTENT, Product, good_content

TIME_LIMIT = 2400
UNIT = b"""[Unit]
After=daruma-guard.service acme-sensor.service
[Service]
Type=oneshot
ExecStart=/usr/sbin/insmod /opt/other/driver.ko
[Install]
WantedBy=multi-user.target
"""
OTHER = Product(name="other")  # only its module is there, which no product file lists


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    first = len(boots(guest)) - 1
    guest.write("/opt/other/driver.ko", OTHER.module(guest.disk.image, 3))
    guest.write("/etc/systemd/system/other.service", UNIT)
    guest.check("systemctl enable other.service && sync")
    guest.start("systemctl reboot")
    for _ in range(3):
        guest.console.wait_for(PANIC, 300)
    # Nothing is changed in an aside start, panic_on_oops neither: the machine stays up in it.
    guest.console.wait_for(ASIDE, 900)
    assert len(boots(guest)[first:]) < 14
    # The administrator takes the unit away; the machine is healthy again with every product on.
    guest.power_cut()
    guest.disk.settle()
    guest.disk.delete("/etc/systemd/system/multi-user.target.wants/other.service")
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert product.is_running(guest, revision=1)
    for name, data in good_content().items():
        assert guest.read(f"{CONTENT}/{name}") == data, name
    assert json.loads(guest.check("daruma list-quarantine --json=short"))["entries"] == []
    assert "recovery.failed" in guest.check("daruma history -n 100")
    told = guest.check("daruma explain")
    assert f"of the kernel module {OTHER.module_name}." in told, told
    report = json.loads(guest.check("daruma --json=short report"))
    assert OTHER.module_name in [boot.get("crash_module") for boot in report["boots"]], report["boots"]
    assert not report["product"] and not report["actions"], report
    assert not report["verdict"] or not report["verdict"]["product"], report["verdict"]

"""A safe profile that crashes: two tries, then rescue, then aside with every product on; it never loops (R3, R37)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import ASIDE, boots
from vm.prepared import GOOD
from vm.product import Product, bad_content

TIME_LIMIT = 2700
CRASH = b"""[Unit]
DefaultDependencies=no
After=daruma-guard.service
Before=daruma-recover.service
[Service]
Type=oneshot
ExecStart=/usr/sbin/insmod /opt/other/driver.ko
ExecStart=/usr/bin/sleep 30
[Install]
WantedBy=daruma-safe.target
"""


def run(vm):
    product = Product()
    guest = vm.watched(product, {"repair__fast_path": False})
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    # Something that is no product crashes the safe profile itself. The sensor's own module is covered there.
    guest.write("/opt/other/driver.ko", product.module(guest.disk.image, 3))
    guest.write("/etc/systemd/system/crash.service", CRASH)
    guest.check("mkdir -p /etc/systemd/system/daruma-safe.target.wants && "
                "ln -s ../crash.service /etc/systemd/system/daruma-safe.target.wants/ && sync")
    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(ASIDE, 1800)
    guest.power_cut()
    rungs = [boot.rung for boot in boots(guest)[first:]]
    assert len(rungs) < 14, rungs
    assert rungs.count("safe") <= 2 and rungs.count("rescue") <= 2, rungs
    assert rungs.index("safe") < rungs.index("rescue") < rungs.index("aside"), rungs

"""The product's updater lands the bad content again at each start and every few seconds while running. While something is set
aside the updater waits and the content does not come back: one crash, and the machine stays healthy with the good content,
also in the starts after that (R25, R50). Content that somebody else puts there while the machine is off is known by its
bytes, and set aside again before the sensor starts."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import time

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, bad_content, good_content

TIME_LIMIT = 1500
MIRROR = "/srv/mirror"  # what the vendor's servers offer
EAGER = f"""[Service]
ExecStartPre=/bin/sh -c 'cp {MIRROR}/* /var/lib/acme/incoming/'
"""
OFTEN = """[Timer]
OnBootSec=
OnUnitActiveSec=
OnActiveSec=1s
OnUnitInactiveSec=3s
AccuracySec=100ms
"""
HELD_SECONDS = 20


def stays_good(guest, product):
    """Longer than several of its updates would take."""
    deadline = time.monotonic() + HELD_SECONDS
    while time.monotonic() < deadline:
        assert product.revision(guest) == 1 and product.is_running(guest, revision=1)
        assert guest.run(f"systemctl is-active {product.updater} acme-updater.timer").stdout.split() == ["inactive"] * 2
        time.sleep(2)
    for name, data in good_content().items():
        assert guest.read(f"{product.content_folder}/{name}") == data, name


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    first = len(boots(guest)) - 1
    for name, data in bad_content().items():
        guest.write(f"{MIRROR}/{name}", data)
    guest.write(f"/etc/systemd/system/{product.updater}.d/eager.conf", EAGER.encode())
    guest.write("/etc/systemd/system/acme-updater.timer.d/often.conf", OFTEN.encode())
    guest.start("sync && systemctl daemon-reload && systemctl restart acme-updater.timer")
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)
    stays_good(guest, product)
    # Not even when somebody asks for it.
    guest.run(f"systemctl start {product.updater}; systemctl start acme-updater.timer")
    stays_good(guest, product)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    stays_good(guest, product)

    guest.power_off()
    for name, data in bad_content().items():
        guest.disk.write(f"{product.content_folder}/{name}", data)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    stays_good(guest, product)
    assert "object.returned" in guest.check("daruma history -n 100")

    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True)] + 3 * [("normal", False)], \
        [boot.words for boot in story]

"""The safe profile on request: products off, their modules covered and shut out, and a look that says so (R39).

Nothing of the product gets in by insmod with a path of its own; the person who asked may still put files right; the
machine's own remote login runs.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.prepared import GOOD
from vm.product import SERVICE, Product

TIME_LIMIT = 1500
MODULE = "/usr/lib/modules/$(uname -r)/updates/acme_sensor.ko"


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.check("daruma -y set-oneshot safe")
    guest.reboot(until="daruma-safe.target")
    assert guest.run("daruma is-safe").status == 0
    assert guest.check(f"systemctl show -p LoadState --value {SERVICE}").strip() == "masked"
    assert guest.run("systemctl is-active --quiet multi-user.target").status != 0
    assert guest.run("systemctl is-active --quiet ssh.service").status == 0

    # Covered from the beginning, shut out once the profile is up.
    assert guest.check(f"stat -c %F {MODULE}").strip() == "character special file"
    assert guest.run(f"insmod {MODULE}").status != 0
    guest.wait_until("grep -qx 1 /proc/sys/kernel/modules_disabled", 120)
    guest.check("cp /usr/lib/modules/$(uname -r)/kernel/lib/crc8.ko /tmp/ || "
                "xz -dc /usr/lib/modules/$(uname -r)/kernel/lib/crc8.ko.xz >/tmp/crc8.ko")
    assert guest.run("insmod /tmp/crc8.ko").status != 0
    assert guest.run("lsmod | grep -q acme_sensor").status != 0

    events = json.loads(guest.check("daruma history --json=short"))["events"]
    entered = [event for event in events if event["event"] == "profile.safe_entered"]
    assert entered and entered[0]["verified"] is True, entered
    assert json.loads(guest.check("daruma status --json=short"))["not_safe"] is None

    # A person sets the module aside under its cover, and puts it back.
    guest.check(f"daruma -y quarantine {MODULE}", timeout=400)
    guest.check("daruma -y restore all", timeout=400)

    guest.check("daruma -y set-oneshot normal")
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert product.is_running(guest)
    assert guest.check("cat /proc/sys/kernel/modules_disabled").strip() == "0"

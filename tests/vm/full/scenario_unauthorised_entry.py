"""A safe profile that the firmware stage did not order says so, and has no remote login (R34).

Once by an entry of the boot loader, once from the running system. Nothing is repaired, and nothing of it is counted.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.debian import KERNEL_OPTIONS, ROOT_GUID
from vm.prepared import GOOD
from vm.product import SERVICE, Product

TIME_LIMIT = 1500
TARGET = "daruma-safe.target"
# GRUB takes the first entry there is, and this file is read before the others are.
ENTRY = f"""menuentry 'by hand' {{
	linux /boot/vmlinuz root=UUID={ROOT_GUID} ro {KERNEL_OPTIONS} systemd.unit={TARGET}
	initrd /boot/initrd.img
}}
"""


def status(guest):
    return json.loads(guest.check("daruma status --json=short"))


def entries(guest):
    events = json.loads(guest.check("daruma history --json=short"))["events"]
    return sum(event["event"] == "profile.unauthorised" for event in events)


def expect_unauthorised(guest):
    guest.wait_until(f"systemctl is-active --quiet {TARGET}", 180)
    assert status(guest)["unauthorised"] is True
    assert guest.run("daruma is-safe").status != 0
    assert guest.run("systemctl is-active --quiet ssh.service").status != 0
    assert guest.run("systemctl is-active --quiet multi-user.target").status != 0
    assert guest.check("cat /run/issue.d/daruma.issue").count("UNAUTHORISED SAFE PROFILE") == 1


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert status(guest)["unauthorised"] is False

    guest.write("/boot/grub/custom.cfg", ENTRY.encode())
    guest.reboot()
    expect_unauthorised(guest)
    assert entries(guest) == 1
    assert status(guest)["rung"] == "normal"
    assert guest.check(f"systemctl show -p LoadState --value {SERVICE}").strip() == "loaded"
    guest.console.wait_for("UNAUTHORISED SAFE PROFILE", 60)

    guest.check("rm /boot/grub/custom.cfg")
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert status(guest)["unauthorised"] is False
    counters = status(guest)["counters"]
    assert counters["panic"] == counters["unexplained"] == 0, counters

    guest.start(f"systemctl isolate {TARGET}")
    expect_unauthorised(guest)
    assert entries(guest) == 2
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert product.is_running(guest)

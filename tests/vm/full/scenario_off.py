"""With daruma=off on the kernel command line every piece in the system only logs, even in a safe start."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 1200


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.check("daruma -y set-oneshot safe")
    before = guest.last_answer()
    guest.check("sed -i 's/^\\(\\s*linux .*\\)$/\\1 daruma=off/' /boot/grub/grub.cfg && sync")
    guest.reboot(until="multi-user.target")
    note = guest.note()
    assert note.rung == "safe" and note.reason == "requested", note
    assert "daruma=off" in guest.check("cat /proc/cmdline")
    guest.wait_until("systemctl is-active --quiet acme-sensor.service", 60)
    assert product.is_running(guest)
    assert guest.check("systemctl get-default").strip() != "daruma-safe.target"
    assert guest.check("cat /proc/sys/kernel/panic_on_oops /proc/sys/kernel/modules_disabled").split() == ["0", "0"]
    assert guest.run("ls /run/modprobe.d/daruma-*.conf").status != 0
    assert guest.run("findmnt -n /usr/lib/modules/*/updates/acme_sensor.ko").status != 0
    assert "daruma=off: nothing is done" in guest.check("dmesg")
    # Ten settle times: nobody answers.
    guest.check("sleep 50", timeout=120)
    assert guest.last_answer().boot_id == before.boot_id, (before, guest.last_answer())

"""Ordinary good boots: two flash writes each, counters stay 0, and nobody waits for Daruma (R2, R3, R54).

The start is finished before it is known to be good; the guard costs next to nothing; panic_on_oops is given back; the
hold list is where the initramfs has it; the early program runs before udev.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.flash import WriteCount
from vm.prepared import GOOD
from vm.product import SERVICE, Product

TIME_LIMIT = 2600
GUARD_SHARE = 0.04  # of the processor time of all services: seconds say nothing in a machine that is emulated


def usage(guest, unit):
    return int(guest.check(f"systemctl show -p CPUUsageNSec --value {unit}")) / 1e9


def run(vm):
    guest = vm.watched(Product())
    count = WriteCount(guest.flash)
    for number in range(1, 3):
        if number == 1:
            guest.boot(until="multi-user.target")
        else:
            guest.reboot(until="multi-user.target")
        assert guest.run("systemctl is-active --quiet multi-user.target").status == 0
        guest.wait_until(GOOD, 400)
        note = guest.note()
        assert note.rung == "normal" and note.counters.failures == 0 and note.armed, note
        assert note.last_ending == "good", note
        assert guest.last_answer().result == "good" and guest.last_answer().boot_id == note.boot_id
        assert count.take().of("Daruma") == 2 * number, count.writes

    # The first of them was stopped as soon as it was answered: its row says so all the same.
    seen = json.loads(guest.check("daruma list --json=short"))["boots"]
    assert [boot["outcome"] for boot in seen[1:3]] == ["good", "good"], seen

    # The answer comes first; what follows from it takes the gate some more seconds.
    guest.wait_until("! systemctl is-active --quiet daruma-gate.service", 400)
    assert guest.check("cat /proc/sys/kernel/panic_on_oops").strip() == "0"
    assert guest.check("cat /proc/sys/kernel/panic").strip() == "10"
    assert guest.run(f"systemctl is-active --quiet {SERVICE}").status == 0
    assert guest.check("systemctl --failed --no-legend --plain").strip() == ""
    guard, services = usage(guest, "daruma-guard.service"), usage(guest, "system.slice")
    vm.say(f"processor time: guard {guard:.2f} s, all services {services:.2f} s")
    assert 0 < guard < GUARD_SHARE * services, (guard, services)

    # The guard was done before the target it guards was reached.
    order = guest.check("systemctl show -p ActiveEnterTimestampMonotonic --value daruma-guard.service sysinit.target")
    guard, sysinit = (int(line) for line in order.split())
    assert guard <= sysinit, order

    # The initramfs has the list that is in force.
    stamp = guest.check("cat /var/lib/daruma/initramfs-$(uname -r)")
    hold = guest.check("cat /etc/daruma/hold")
    assert stamp.split("\n", 1)[1] == hold, stamp
    assert "module acme_sensor\n" in hold and f"unit {SERVICE}\n" in hold, hold
    names = guest.check("lsinitramfs /boot/initrd.img-$(uname -r)", timeout=300)
    assert "daruma-initramfs" in names and "etc/daruma/hold" in names, names

    # Early: before udev, by the order file of the initramfs.
    guest.check("mkdir /tmp/i && cd /tmp/i && unmkinitramfs /boot/initrd.img-$(uname -r) .", timeout=300)
    order = guest.check("cat $(find /tmp/i -path '*init-top/ORDER')")
    assert order.index("/daruma") < order.index("/udev"), order

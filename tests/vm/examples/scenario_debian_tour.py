"""A tour of the full guest: each call of the README once, without Daruma."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm import guid
from vm.product import Product, bad_content, good_content

TIME_LIMIT = 900


def run(vm):
    product = Product()
    disk = vm.disk(kernel_options="panic=2 unknown_nmi_panic")
    disk.install(product)
    disk.write("/etc/motd", b"hello\n")

    guest = vm.guest(disk, clock="2031-01-01T00:00:00")
    guest.boot(until="multi-user.target")
    assert guest.check("cat /etc/motd") == "hello\n"
    assert guest.check("date +%Y").strip() == "2031"
    assert guest.run("false").status == 1
    guest.wait_until("test $(cat /sys/module/acme_sensor/parameters/evaluations) -gt 1")

    product.push(guest, good_content(revision=2), wait=True)
    assert product.is_running(guest, revision=2)
    product.push(guest, bad_content(revision=3))  # lands on a running, healthy machine
    guest.console.wait_for("Kernel panic - not syncing: Fatal exception in interrupt", 60)
    guest.boot()  # it restarted by itself, and crashes again:
    guest.console.wait_for("Kernel panic", 120)
    assert [v for v in guest.flash.variables() if v.vendor == guid.CRASH]
    guest.power_cut()

    disk.settle()  # after a power cut, before anything is written
    for name, data in good_content(revision=4).items():  # the repair, from outside
        disk.write(f"/opt/acme/content/{name}", data)
    guest.boot(until="multi-user.target")
    guest.wait_until("test $(cat /sys/module/acme_sensor/parameters/revision) = 4")

    guest.machine.nmi()
    guest.console.wait_for("Kernel panic", 60)
    guest.boot(until="multi-user.target")
    guest.power_off()
    assert disk.read("/etc/motd") == b"hello\n"

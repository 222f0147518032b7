"""GRUB and shim installed again put their own entry first; Daruma puts itself back, and a bad update then heals."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import PANIC, boots, wait_until_recovered
from vm.load_option import titles_in_order
from vm.prepared import GOOD
from vm.product import Product, bad_content

TIME_LIMIT = 2400


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.check("dpkg -i /var/local/packages/*.deb && grub-install --target=x86_64-efi --no-floppy", timeout=600)
    guest.check("sync")
    guest.reboot(until="multi-user.target")
    # By the package hook, or at the good answer of a start that went past the stage.
    guest.wait_until("daruma is-healthy || daruma status | grep -q bypassed", 180)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert titles_in_order(guest.flash)[0] == "Daruma", titles_in_order(guest.flash)
    assert boots(guest)[-1].entry == "Daruma", boots(guest)[-1].entry
    product.push(guest, bad_content())
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)

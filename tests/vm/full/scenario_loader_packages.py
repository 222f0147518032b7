"""GRUB and shim installed again: Daruma stays or comes back in the path, a start that went past it says so, and a bad
update then heals, with at most three failed boots and one safe boot (R50)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import PANIC, boots, wait_until_recovered
from vm.flash import WriteCount
from vm.load_option import titles_in_order
from vm.prepared import GOOD
from vm.product import Product, bad_content

TIME_LIMIT = 2400
BYPASSED = "daruma history -n 100 | grep -q stage.bypassed"


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    # The packages of an upgrade; their scripts put GRUB's entry first, and the hook behind them puts ours back.
    count = WriteCount(guest.flash)
    guest.check("dpkg -i /var/local/packages/*.deb", timeout=600)
    assert count.of("BootOrder") >= 2, count.writes
    assert titles_in_order(guest.flash)[0] == "Daruma", titles_in_order(guest.flash)
    assert guest.run(BYPASSED).status != 0

    # By hand, with no hook behind it.
    guest.check("grub-install --target=x86_64-efi --no-floppy && sync", timeout=600)
    assert titles_in_order(guest.flash)[0] == "debian", titles_in_order(guest.flash)
    guest.reboot(until="multi-user.target")
    assert boots(guest)[-1].entry == "debian", boots(guest)[-1].entry
    guest.wait_until(BYPASSED, 180)
    assert titles_in_order(guest.flash)[0] == "Daruma", titles_in_order(guest.flash)

    guest.reboot(until="multi-user.target")
    assert boots(guest)[-1].entry == "Daruma", boots(guest)[-1].entry
    guest.wait_until(GOOD, 180)
    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    assert sum(boot.panicked for boot in story) <= 3, words
    assert [boot.rung for boot in story].count("safe") <= 1, words

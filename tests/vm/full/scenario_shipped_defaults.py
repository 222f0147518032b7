"""The shipped policy to the letter: health has to hold for two minutes before a start is good; a bad update then
costs one crash, and no safe start. The crash comes after health, so it is a late one and no failure to start
(R2, R6)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, bad_content

TIME_LIMIT = 3600


def run(vm):
    product = Product()
    disk = vm.disk()
    disk.install_daruma()
    disk.install(product, early=True)
    guest = vm.guest(disk)
    guest.boot(until="multi-user.target")
    guest.check("daruma install", timeout=300)
    guest.reboot(until="multi-user.target")
    assert guest.run(GOOD).status == 3  # not yet: nobody waited two minutes
    guest.wait_until(GOOD, 400)
    uptime = float(guest.check("cut -d ' ' -f 1 /proc/uptime"))
    assert uptime > 120, uptime
    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), timeout=1800,
                         say=vm.say)
    story = boots(guest)[first:]
    assert [boot.panicked for boot in story] == [True, False], [boot.words for boot in story]
    assert [boot.rung for boot in story] == ["normal", "normal"], story
    note = guest.note()
    assert note.last_ending == "late" and note.counters.late == 1 and note.counters.failures == 0, note

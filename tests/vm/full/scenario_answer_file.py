"""Firmware that cannot store variables while a system runs, so that the kernel leaves no report there either: the answers go
to a file on the ESP. What nothing explains leads to safe, since something of a product changed, and the whole way to the
healthy machine is taken by answers in the file. The stage alone writes variables, one in a start (R38, R58)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm import guid
from vm.boots import PANIC, boots, wait_until_recovered
from vm.flash import WriteCount
from vm.prepared import GOOD
from vm.product import Product, bad_content

TIME_LIMIT = 3000
FILE = "/boot/efi/EFI/daruma/answer.bin"
VARIABLES = "/sys/firmware/efi/efivars"


def run(vm):
    product = Product()
    guest = vm.watched(product, {"answer_path": r"\EFI\daruma\answer.bin", "repair__fast_path": False},
                       kernel_options="efi_pstore.pstore_disable=1")
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 300)
    assert guest.note().answers_by_file and guest.note().last_ending == "good", guest.note()
    assert guest.check(f"stat -c %s {FILE}").strip() == "8192"
    # systemd remounts what it has mounted by itself as this table says, before anything of ours is started.
    guest.check(f"echo 'efivarfs {VARIABLES} efivarfs ro 0 0' >>/etc/fstab && sync")

    count = WriteCount(guest.flash)
    guest.reboot(until="multi-user.target")
    assert guest.run(f"findmnt -n -O ro {VARIABLES}").status == 0, guest.check(f"findmnt {VARIABLES}")
    guest.wait_until(GOOD, 300)
    assert count.of("Daruma") == 1, count.writes
    assert guest.note().armed and guest.note().counters.failures == 0 and not guest.note().troubles, guest.note()

    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(PANIC, 240)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), timeout=2000,
                         say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    assert [boot.rung for boot in story].count("safe") == 1 and story[-1].rung == "trial", words
    assert sum(boot.panicked for boot in story) <= 5, words
    assert not [v.name for v in guest.flash.variables() if v.vendor == guid.CRASH]
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 300)
    assert guest.note().rung == "normal" and not guest.note().incident_open, guest.note()
    assert count.of("DarumaAnswer") == 0, count.writes

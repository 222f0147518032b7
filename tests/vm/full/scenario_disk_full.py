"""The file system is full to the last block when a bad update has to be set aside: the room that was kept for this start is
given up, and the machine is repaired like any other. Nothing is done by halves (R28, R57)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, bad_content, good_content

TIME_LIMIT = 1800
SPARE = "/var/lib/daruma/spare-room"
LEFT = "df --output=avail -B1 /var | tail -n 1"
FILL = (f"fallocate -l $({LEFT}) /var/fill; "
        "for n in 1 2 3; do dd if=/dev/zero of=/var/fill-$n bs=4k status=none; sync; done; true")
BLOCK = 4096


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.wait_until("! systemctl is-active --quiet daruma-gate.service", 180)
    assert guest.run(f"test -s {SPARE}").status == 0
    first = len(boots(guest)) - 1
    product.land(guest, bad_content())
    # The sensor is stopped meanwhile, so that the update is there and the disk full before it reads it.
    guest.check(f"systemctl stop {product.service} && systemctl start {product.updater}")
    guest.check(FILL, timeout=300)
    left = int(guest.check(LEFT))
    assert left < 16 * BLOCK, left
    guest.start(f"systemctl start {product.service}")
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    vm.say(f"{words}")
    vm.say(guest.run(f"df /var; ls -l {SPARE}; journalctl -b -o cat -u daruma-guard.service").stdout)
    assert sum(boot.panicked for boot in story) <= 3, words
    assert [boot.rung for boot in story].count("safe") <= 1 and not story[-1].panicked, words
    for name, data in good_content().items():
        assert guest.read(f"{product.content_folder}/{name}") == data, name
    entries = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    assert {f"{product.content_folder}/{name}" for name in good_content()} == {entry["path"] for entry in entries}, entries
    assert all(entry["step"] == "done" for entry in entries), entries

"""A product's library in /etc/ld.so.preload meets bad content and ends every program with it, init too: no start reaches a
program of the system, the safe profile neither. The rescue start repairs it from the initramfs, before anything of it runs."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.preloaded import Preloaded, push
from vm.prepared import GOOD
from vm.product import CONTENT, bad_content, good_content

TIME_LIMIT = 2400


def run(vm):
    guest = vm.watched(Preloaded())
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    first = len(boots(guest)) - 1
    push(guest, bad_content())
    guest.console.wait_for(PANIC, 300)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0, 1500, say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    rungs = [boot.rung for boot in story]
    assert rungs[-2:] == ["rescue", "trial"], words
    # Before it, the safe profile met the same end as the rest.
    assert "safe" in rungs and all(boot.panicked for boot in story[1:-2]), words
    assert not story[-2].panicked and not story[-1].panicked, words
    for name, data in good_content().items():
        assert guest.read(f"{CONTENT}/{name}") == data, name
    entries = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    assert {entry["product"] for entry in entries} == {"acme-preload"}, entries
    told = guest.check("daruma explain")
    assert "was a rescue boot" in told and "acme-preload" in told, told

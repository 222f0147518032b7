"""Hibernation five times: each start resumes from the normal target, nothing is counted, no try is used (R4)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import boots
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 2400
MARK = "/run/hibernation-mark"


def run(vm):
    guest = vm.watched(Product(), swap=1536, kernel_options="resume=/dev/vda3 nokaslr")
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.check(f"echo alive >{MARK}")
    for _ in range(5):
        guest.start("systemctl hibernate")
        guest.machine.wait_off(180)
        assert guest.last_answer().result == "hibernated", guest.last_answer()
        guest.machine.start()
        guest.wait_for_resume(300)
        assert guest.check(f"cat {MARK}").strip() == "alive"
        note = guest.note()
        assert note.rung == "normal" and note.reason == "hibernated" and note.counters.failures == 0, note
        guest.wait_until(GOOD, 120)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert guest.note().counters.failures == 0, guest.note()
    assert [boot.rung for boot in boots(guest)].count("safe") == 0

"""User space writes a perfect oops text that names the sensor's module into /dev/kmsg, just after an innocent update of the
sensor; then a program of the sensor's name makes the kernel panic, in a report that names no module. The verdict is not
certain, the fast path is not taken, and the new content stays (R12)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import NAME, Product, good_content

TIME_LIMIT = 1500
REPORT = f"""BUG: unable to handle page fault for address: 000000000000009c
#PF: supervisor read access in kernel mode
#PF: error_code(0x0000) - not-present page
PGD 0 P4D 0
Oops: 0000 [#1] PREEMPT SMP NOPTI
CPU: 1 PID: 0 Comm: swapper/1 Tainted: G           OE      6.1.0-1-amd64 #1  Debian
Hardware name: QEMU Standard PC (Q35 + ICH9, 2009)
RIP: 0010:acme_sensor_tick+0x3d/0x90 [{NAME}]
Code: 00 00 00 48 8b 02 0f b6 00 01 c1
RSP: 0018:ffffa1c0000f0e80 EFLAGS: 00010246
Call Trace:
 <IRQ>
 call_timer_fn+0x27/0x130
 __run_timers.part.0+0x1e7/0x2a0
 run_timer_softirq+0x32/0x70
 __do_softirq+0xc7/0x2a5
 </IRQ>
Modules linked in: {NAME}(OE)
---[ end trace 0000000000000000 ]---
Kernel panic - not syncing: Fatal exception in interrupt
"""
# At the levels that the kernel uses, each line a record of its own, as the kernel writes them.
FORGE = "while IFS= read -r line; do printf '<%s>%s\\n' {level} \"$line\" >/dev/kmsg; done </run/report"
EATER = f"/root/{NAME}"  # a process of that name
EAT = f"systemd-run --quiet -p MemoryMax=16M -p MemorySwapMax=0 {EATER} /dev/zero"


def crash_behind_a_forgery(vm, before):
    """A healthy machine on which `before` runs, the forged report is written, and the kernel panics. The guest, the product
    and the verdict."""
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    first = len(boots(guest)) - 1
    guest.write("/run/report", REPORT.encode())
    guest.check(f"cp /usr/bin/tail {EATER} && sysctl -q vm.panic_on_oom=2")
    command = before(guest, product)
    guest.start(f"{command} && {FORGE.format(level=1)} && {FORGE.format(level=0)} && {EAT}")
    guest.console.wait_for(f"{PANIC}: Out of memory", 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g), say=vm.say)

    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]
    assert f"Comm: {NAME}" in story[0].text, "the crash should come from a process of the sensor's name"
    verdict = json.loads(guest.check("daruma explain --json=short"))["verdict"]
    vm.say(f"{verdict}")
    assert "names its module" not in guest.check("daruma explain")
    assert json.loads(guest.check("daruma list-quarantine --json=short"))["entries"] == []
    return guest, product, verdict


def land_update(guest, product):
    product.land(guest, good_content(revision=2))
    return f"systemctl start {product.updater}"


def run(vm):
    guest, product, verdict = crash_behind_a_forgery(vm, land_update)
    assert verdict is None or verdict["certainty"] != "certain", verdict
    assert product.is_running(guest, revision=2)


def run_without_an_update(vm):
    """The same with nothing changed: nobody is to blame, whatever user space has written."""
    _, _, verdict = crash_behind_a_forgery(vm, lambda guest, product: "true")
    assert verdict is None or (verdict["certainty"], verdict["product"]) == ("unknown", None), verdict

"""A safe profile that crashes: two tries, then rescue, then aside with every product on; it never loops (R3, R37).

How long aside goes on where it fails too, and what comes then, is tests/vm/osless/scenario_panic_ladder.py: its starts take
seconds.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import ASIDE, PANIC, boots
from vm.prepared import GOOD
from vm.product import NAME, Product, bad_content

TIME_LIMIT = 2700
CRASH = b"""[Unit]
DefaultDependencies=no
After=daruma-guard.service
Before=daruma-recover.service
[Service]
Type=oneshot
ExecStart=/usr/sbin/insmod /opt/other/driver.ko
ExecStart=/usr/bin/sleep 30
[Install]
WantedBy=daruma-safe.target
"""


def run(vm):
    product = Product()
    # Repaired by nobody: the rescue start would do it from the initramfs.
    guest = vm.watched(product, {"repair__fast_path": False, "repair__automatic": False})
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    # Something that is no product crashes the safe profile itself.
    guest.write("/opt/other/driver.ko", Product(name="other").module(guest.disk.image, 3))
    guest.write("/etc/systemd/system/crash.service", CRASH)
    guest.check("mkdir -p /etc/systemd/system/daruma-safe.target.wants && "
                "ln -s ../crash.service /etc/systemd/system/daruma-safe.target.wants/ && sync")
    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(ASIDE, 1800)
    # Every product is on: the sensor meets its bad content again. The start after that is aside too.
    guest.console.wait_for(PANIC, 300)
    guest.console.wait_for(ASIDE, 300)
    guest.power_cut()
    story = boots(guest)[first:]
    rungs = [boot.rung for boot in story]
    words = [boot.words for boot in story]
    assert len(rungs) < 14, words
    assert 1 <= rungs.count("safe") <= 2 and 1 <= rungs.count("rescue") <= 2, words
    assert rungs.index("safe") < rungs.index("rescue") < rungs.index("aside"), words
    assert rungs[-2:] == ["aside", "aside"] and story[-2].panicked, words
    assert f"[{NAME}]" in story[-2].text, story[-2].text[-4000:]
    # What crashed the starts above was the other driver: the sensor was off in them.
    for boot in story:
        if boot.rung in ("safe", "rescue"):
            assert boot.panicked and "[other_sensor]" in boot.text and f"[{NAME}]" not in boot.text, boot.text[-4000:]

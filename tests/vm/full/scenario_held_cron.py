"""A line of root's crontab crashes the machine at every start: in a held start it waits for the good answer, every product
stays on, and nothing is set aside (R62). What a product itself waits for is let go before."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json

from vm.boots import boots, wait_until_recovered
from vm.formats import REQUESTS, sealed
from vm.prepared import GOOD
from vm.product import NAME, SERVICE, Product

TIME_LIMIT = 2400
POLICY = {"health__settle_seconds": 20}  # the line crashes before that, and leaves time to look after the answer
DRIVER = "/opt/other/driver.ko"
# Until it crashes: the sensor's service may load its own module in between. The good answer gives panic_on_oops back.
LINE = (f"@reboot sleep 5; while :; do /usr/sbin/sysctl -q kernel.panic_on_oops=1; /usr/sbin/rmmod {NAME}; "
        f"/usr/sbin/insmod {DRIVER}; sleep 1; done")
FACTS = " ; ".join([
    "systemctl is-active cron.service",
    f"until {GOOD}; do sleep 0.2; done",
    f"systemctl is-active {SERVICE}",
    f"cat /sys/module/{NAME}/parameters/revision",
    "daruma list-quarantine --json=short",
])


def healthy_machine(vm):
    guest = vm.watched(Product(), POLICY)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    return guest


def ask_for_held(guest):
    """Adds the request to the last answer; the machine is off."""
    answer = bytearray(guest.flash.read(guest.name("Answer")).data)
    answer[27] = REQUESTS.index("hold")
    guest.flash.set(guest.name("Answer"), sealed(bytes(answer), b"DAns"))


def run_crash_of_a_cron_line(vm):
    """Two panics lead to held, and the third comes after the good answer: the machine is usable until then."""
    guest = healthy_machine(vm)
    first = len(boots(guest)) - 1
    guest.write(DRIVER, Product().module(guest.disk.image, 3))
    guest.check(f"echo '{LINE}' | crontab - && sync")
    guest.start("systemctl reboot")
    wait_until_recovered(guest, lambda g: g.note().rung == "held", say=vm.say)
    # In one command, since the line crashes the machine soon after the answer.
    cron, sensor, revision, listed = guest.check(FACTS, timeout=240).splitlines()
    assert (cron, sensor, revision) == ("inactive", "active", "1"), (cron, sensor, revision)
    assert json.loads(listed)["entries"] == [], listed

    story = boots(guest)[first:]
    assert [boot.rung for boot in story] == ["normal", "normal", "normal", "held"], [boot.words for boot in story]
    assert [boot.panicked for boot in story[1:3]] == [True, True], [boot.words for boot in story]
    assert story[3].reason == "crashes-held", story[3].words
    # What waited does start, and its crash is no failed start.
    guest.boot()
    assert boots(guest)[first + 3].panicked
    record = guest.record()
    assert record.last_ending == "late" and record.counters.failures == 0 and record.rung == "normal", record


def run_product_after_multi_user(vm):
    """A product is ordered after multi-user.target, which waits for cron, which is held: the circle is cut."""
    guest = healthy_machine(vm)
    guest.write(f"/etc/systemd/system/{SERVICE}.d/late.conf", b"[Unit]\nAfter=multi-user.target\n")
    guest.check("sync")
    guest.power_off()
    ask_for_held(guest)
    guest.boot(until="ssh.service")
    assert guest.note().rung == "held", guest.note()
    guest.wait_until(GOOD, 300)
    assert Product().is_running(guest, revision=1)
    guest.check("systemctl is-active cron.service multi-user.target")
    assert guest.check("systemctl show -p Result --value daruma-held.service").strip() == "success"

    guest.wait_until("! systemctl is-active --quiet daruma-gate.service", 180)
    told = guest.check("journalctl -b -o cat -u daruma-held.service -u daruma-gate.service")
    let_go, good = f"{SERVICE} waits for other units: what was held starts", "this start is good"
    assert let_go in told and told.index(let_go) < told.index(good), told

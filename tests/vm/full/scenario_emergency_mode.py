"""While failures are open, a start that ends in emergency mode is given up once the console has been left alone for as long as
the policy says; once somebody has touched a key it is left to that person (R5)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import time

from vm.boots import boots
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 1500
SECONDS = 30  # the least that a policy may say
LOOKS = 30  # seconds from one look to the next; the first one comes 60 seconds after the start
POLICY = {"health__emergency_seconds": SECONDS}
MISSING = "UUID=5eed00ff-0000-4000-8000-0000000000ff /data ext4 x-systemd.device-timeout=5s 0 2"
AT_CONSOLE = "systemctl is-active --quiet emergency.service && pgrep -x sulogin"


def next_start(guest, timeout):
    """Waits for the command channel of another start than the last one seen."""
    before = guest.boot_id
    while guest.boot_id == before:
        guest.boot(timeout)


def uptime(guest):
    return float(guest.read("/proc/uptime").split()[0])


def wait_for_uptime(guest, seconds):
    """Raises GuestError where the machine restarts before."""
    while uptime(guest) < seconds:
        time.sleep(1)


def given_up(guest):
    events = json.loads(guest.check("daruma history --json=short"))["events"]
    return [event for event in events if event["event"] == "deadline.passed"]


def run(vm):
    guest = vm.watched(Product(), POLICY)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.check(f"echo '{MISSING}' >>/etc/fstab && sync")
    guest.reboot()
    # No failure is open yet, so this start may take as long as it likes. A power cut opens one.
    guest.power_cut()

    guest.boot()
    note = guest.note()
    assert note.rung == "normal" and note.counters.unexplained == 1, note
    guest.wait_until(AT_CONSOLE, 180)
    assert guest.run("systemctl is-active --quiet daruma-deadline.timer").status == 0
    next_start(guest, 300)
    note = guest.note()
    assert note.rung == "normal" and note.counters.unexplained == 2, note  # given up, not stopped in order

    guest.wait_until(AT_CONSOLE, 180)
    passed = given_up(guest)
    assert len(passed) == 1 and passed[0]["emergency"] is True, passed
    # For half a minute after udev has found the consoles nobody can tell a key from the system's own work on them.
    guest.check("until [ $(date +%s) -gt $(($(stat -c %Y /dev/full) + 32)) ]; do sleep 1; done", timeout=90)
    assert uptime(guest) < 60 + SECONDS, "too slow: the start is given up before a key can be told"
    guest.console.send("no password\n")
    here = guest.boot_id
    wait_for_uptime(guest, max(uptime(guest), 60) + SECONDS + LOOKS + 10)
    assert guest.run(AT_CONSOLE).status == 0
    assert guest.boot_id == here and len(given_up(guest)) == 1
    words = [boot.words for boot in boots(guest)]
    assert len(words) == 4 and not any(boot.panicked for boot in boots(guest)), words

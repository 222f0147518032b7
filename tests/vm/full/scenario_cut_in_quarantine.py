"""The power goes at random moments while a content set of many files is set aside or put back: after the next start the set
is the old or the new one as a whole, the quarantine says which, nothing else lies about, and the sensor runs (R28, R57)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import hashlib
import json
import random
import time

from vm.prepared import GOOD
from vm.product import CONTENT, Product, good_content

TIME_LIMIT = 3000
ROUNDS = 5
PIECES = 40
RULES = f"{CONTENT}/rules.bin"
LISTED = f"cd {CONTENT} && sha256sum --quiet --strict -c MANIFEST.sha256"


def content(revision):
    files = good_content(revision) | {f"piece-{n:02}.bin": b"%d of %d\n" % (n, revision) * 500 for n in range(PIECES)}
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items() if name != "MANIFEST.sha256"]
    return files | {"MANIFEST.sha256": "".join(lines).encode()}


def entries(guest):
    listed = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    # What made way for something that was put back is an entry of its own.
    return [entry for entry in listed if entry["step"] != "purged" and entry["restores"] is None]


def land(guest, product, revision):
    """A harmless update, as whole as the last one."""
    guest.check("daruma purge all -y")
    product.push(guest, content(revision), wait=True)
    assert product.revision(guest) == revision


def cut_during(guest, command, seconds):
    guest.start(command)
    time.sleep(seconds)
    guest.power_cut()
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)


def judge(guest, product, old, new):
    """Which of the two it is; raises where it is neither."""
    assert guest.run(LISTED).status == 0, guest.run(LISTED).stdout
    assert sorted(guest.check(f"ls -A {CONTENT}").split()) == sorted(content(new)), guest.check(f"ls -A {CONTENT}")
    revision = product.revision(guest)
    assert revision in (old, new), (revision, old, new)
    aside = entries(guest)
    assert all(entry["step"] == "done" for entry in aside), {entry["step"] for entry in aside}
    assert len(aside) == (len(content(new)) if revision == old else 0), (revision, old, new, len(aside))
    assert product.is_running(guest, revision=revision)
    return revision


def run(vm):
    product = Product(files=content(1))
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    land(guest, product, 2)
    began = time.monotonic()
    guest.check(f"daruma quarantine {RULES}")
    longest = time.monotonic() - began
    assert product.revision(guest) == 1
    chance = random.Random(20240719)
    good, seen = 1, []
    # The set changes hands in a moment: cuts close in on it from both sides.
    early, late = 0.0, 1.3 * longest
    for number in range(3, 3 + ROUNDS):
        land(guest, product, number)
        seconds = early + (late - early) * chance.uniform(0.3, 0.7)
        cut_during(guest, f"daruma quarantine {RULES}", seconds)
        now = judge(guest, product, good, number)
        seen.append(now == number)
        if now == number:
            early = seconds
        else:
            late = seconds
        vm.say(f"cut after {seconds:.2f} of {longest:.2f} s: revision {now}, last good {good}, new {number}")
        if now == good:
            cut_during(guest, f"daruma restore {entries(guest)[0]['id']}", seconds)
            now = judge(guest, product, good, number)
            vm.say(f"putting back, cut after {seconds:.2f} s: revision {now}")
        good = now
    assert len(set(seen)) == 2, "all cuts came before the set was moved, or all behind"

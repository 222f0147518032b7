"""A key held at start opens the menu; what is chosen is a person's, no failure and no incident, and for one start only (R34);
the TPM is told so (R35)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import time

from vm.flash import WriteCount

MENU = "Daruma: without a choice within 60 seconds: "
MISSES_MOST = 8  # keys come by a timer of the firmware, and the stage does not wait for it
RUNG = 0x5A88460D  # tag of the event, see efi/measure.h
LAST_LINE = r"Enter  go on without a choice"


def menu_comes(guest):
    """Switches the machine on and holds the menu's key. False: the firmware had no key when the stage looked."""
    console = guest.machine.console
    guest.machine.start()
    console.skip()
    begin = console.position
    deadline = time.monotonic() + 120
    while MENU not in console.since(begin):
        assert time.monotonic() < deadline, "neither menu nor system"
        if "started" in console.since(begin).splitlines():
            return False
        console.offer("d")
        time.sleep(0.01)
    console.wait_for(LAST_LINE)
    return True


def hold_key(guest, answer="good"):
    """Until the menu is there. How many starts went by without it; each is answered."""
    for missed in range(MISSES_MOST):
        if menu_comes(guest):
            return missed
        guest.boot().answer(answer)
        guest.power_cut()
    raise AssertionError("no menu")


def choose(guest, key):
    missed = hold_key(guest)
    guest.machine.console.send(key)
    return guest.boot(), missed


def expect(boot, rung, reason):
    assert (boot.note.rung, boot.note.reason) == (rung, reason), boot.note
    assert boot.note.counters.failures == 0 and boot.note.incident == 0, boot.note
    assert not boot.note.incident_open and boot.note.cooldown == 0, boot.note
    assert boot.note.armed and not boot.note.troubles, boot.note


def run(vm):
    guest = vm.osless(tpm=True)
    guest.boot().answer("good")
    guest.power_cut()
    count = WriteCount(guest.flash)
    starts = 0
    for key, rung in [("n", "normal"), ("s", "safe"), ("r", "rescue")]:
        boot, missed = choose(guest, key)
        starts += 3 + missed
        expect(boot, rung, "menu")
        measured = [event.text for event in boot.events() if event.tag == RUNG]
        assert measured == ([] if rung == "normal" else [f"daruma.rung.v1 {rung} chosen"]), measured
        boot.answer("clean")
        boot.reset()
        count.take()
        boot = guest.boot()
        # What was left in order is tried like after a repair, by the normal target.
        expect(boot, *(("normal", "ordinary") if rung == "normal" else ("trial", "left-safe")))
        boot.answer("good")
        boot.reset()
        count.take()
        boot = guest.boot()
        expect(boot, "normal", "ordinary")
        boot.answer("good")
        guest.power_cut()
        count.take()
    assert count.of(guest.name("Record")) == starts, count.writes  # one in each start, with a menu or without


def run_why(vm):
    """The menu tells what is counted, and goes on without a choice: then it was as if nobody had been there."""
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for start in range(2):
        boot = guest.boot()
        boot.clear_crash_dumps()
        boot.crash_dump(seconds=1_800_000_000 + 60 * start)
        guest.power_cut()
    hold_key(guest, "clean")
    console = guest.machine.console
    console.send("w")
    console.wait_for(r"This start: held start, reason crashes-held; record valid\r?\n")
    console.wait_for(r"The last start ended: panic; the one before: panic; ")
    console.wait_for(r"panics 2, watchdog resets 0, unexplained resets 0, ")
    console.wait_for(r"No incident is open; healthy minutes until a new one: 0\r?\n")
    console.wait_for(LAST_LINE)
    console.send("\r")
    boot = guest.boot()
    assert (boot.note.rung, boot.note.reason) == ("held", "crashes-held"), boot.note
    assert boot.note.counters.panic == 2, boot.note

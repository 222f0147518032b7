"""The boots of a machine as its serial log tells them, and waiting for one that brings itself back.

What a scenario or the demo claims about crashes and rungs comes from here and from the flash file, not from the
program under test.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from vm.channel import ChannelError
from vm.guest import Guest, GuestError
from vm.qemu import STARTED

PANIC = "Kernel panic - not syncing"
SILENCE = 300  # seconds; a machine that says nothing for so long, neither to us nor on its console, hangs
ASIDE = r"Daruma: aside\b.*?reason [a-z-]+"
# One line of the firmware stage on every rung but normal: "Daruma: safe profile, reason crashes-safe, panics 2"
RUNG_LINE = re.compile(r"Daruma: (held|trial|safe|rescue|aside)\b.*?reason ([a-z-]+)")


@dataclass(frozen=True)
class Boot:
    entry: str  # what the firmware started: "Daruma", "debian"
    rung: str  # "normal" where the stage said nothing
    reason: str  # "" on the normal rung
    panicked: bool
    text: str

    @property
    def words(self) -> str:
        """For a person."""
        how = "crashed" if self.panicked else "did not crash"
        return f"{self.rung} ({self.reason}), {how}" if self.reason else f"{self.rung}, {how}"


def boots(guest: Guest) -> list[Boot]:
    """All boots so far, oldest first."""
    pieces = re.split(STARTED, guest.console.text)
    return [_boot(entry, text) for entry, text in zip(pieces[1::2], pieces[2::2])]


def _boot(entry: str, text: str) -> Boot:
    line = RUNG_LINE.search(text)
    rung, reason = (line[1], line[2]) if line else ("normal", "")
    return Boot(entry, rung, reason, PANIC in text, text)


def wait_until_recovered(guest: Guest, recovered: Callable[[Guest], bool], timeout: float = 900,
                         say: Callable[[str], None] = lambda line: None) -> None:
    """Follows a machine through its restarts until `recovered(guest)` holds. Raises GuestError, also for a machine that is
    off or hangs: it will not recover any more."""
    deadline = time.monotonic() + timeout
    told = len(boots(guest))
    heard, at = 0, time.monotonic()
    while time.monotonic() < deadline:
        told = _tell_ended(guest, told, say)
        said = len(guest.console.text) + len(guest.machine.commands.text)
        if said != heard:
            heard, at = said, time.monotonic()
        elif time.monotonic() - at > SILENCE:
            raise GuestError(f"the machine hangs, {guest.machine.condition}: {_words(guest)}")
        if not guest.machine.running:
            raise GuestError(f"the machine went off, {guest.machine.condition}: {_words(guest)}")
        try:
            if recovered(guest):
                return
        except GuestError:
            _greet(guest)  # it has started anew meanwhile
        except ChannelError:
            pass  # it is down
        time.sleep(1)
    raise GuestError(f"not recovered within {timeout:.0f} s, {guest.machine.condition}: {_words(guest)}")


def _words(guest: Guest) -> list[str]:
    return [boot.words for boot in boots(guest)]


def _greet(guest: Guest) -> None:
    """Takes note of the new start, so that commands go to it."""
    try:
        guest.boot(timeout=5)
    except ChannelError:
        pass


def _tell_ended(guest: Guest, told: int, say: Callable[[str], None]) -> int:
    """A line for each boot that has ended since."""
    seen = boots(guest)
    for number in range(told, len(seen)):
        say(f"boot {number}: {seen[number - 1].words}")
    return max(told, len(seen))

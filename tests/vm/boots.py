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
    """Follows a machine through its restarts until `recovered(guest)` holds. Raises GuestError."""
    deadline = time.monotonic() + timeout
    told = len(boots(guest))
    while time.monotonic() < deadline:
        told = _tell_ended(guest, told, say)
        try:
            if recovered(guest):
                return
        except GuestError:
            _greet(guest)  # it has started anew meanwhile
        except ChannelError:
            pass  # it is down
        time.sleep(1)
    raise GuestError(f"not recovered within {timeout:.0f} s: {[boot.words for boot in boots(guest)]}")


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

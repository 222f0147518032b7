"""A byte channel to a guest: everything that comes is kept in a log file and can be waited for.

Serial consoles and command channels are both one of these. `wait_for` reads on from where the last one
ended, so that boots that follow one another in one log are told apart.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import socket
import threading
import time
from pathlib import Path


class ChannelError(Exception):
    """What was waited for did not come."""


class Channel:
    def __init__(self, log: Path) -> None:
        """`log` is appended to: it holds all power cycles of a machine."""
        self._log = log
        self._text = log.read_text("utf-8", "replace") if log.exists() else ""
        self._cursor = len(self._text)
        self._changed = threading.Condition()
        self._socket: socket.socket | None = None

    def connect(self, end: socket.socket) -> None:
        """Takes our end of a socket pair; the guest's end belongs to QEMU."""
        self._socket = end
        threading.Thread(target=self._read, args=(end,), daemon=True).start()

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    @property
    def text(self) -> str:
        """All that came so far, in all power cycles."""
        return self._text

    @property
    def position(self) -> int:
        """Where the next wait_for starts to read."""
        return self._cursor

    def since(self, position: int) -> str:
        return self._text[position:]

    def count(self, pattern: str) -> int:
        """How often the pattern came so far; `^` and `$` match at lines."""
        return len(re.findall(pattern, self._text, re.MULTILINE))

    def send(self, text: str) -> None:
        if self._socket is None:
            raise ChannelError("the machine is off")
        self._socket.sendall(text.encode())

    def offer(self, text: str) -> None:
        """As a person at a keyboard: what the guest has no room for is lost."""
        if self._socket is None:
            raise ChannelError("the machine is off")
        try:
            self._socket.send(text.encode(), socket.MSG_DONTWAIT)
        except BlockingIOError:
            pass

    def wait_for(self, pattern: str, timeout: float = 60) -> re.Match[str]:
        """Waits until the pattern comes behind the last match, and moves there. Raises ChannelError after
        `timeout` seconds, or at once when the machine goes away."""
        compiled = re.compile(pattern, re.MULTILINE)
        deadline = time.monotonic() + timeout
        with self._changed:
            while not (found := compiled.search(self._text, self._cursor)):
                left = deadline - time.monotonic()
                if left <= 0 or self._socket is None:
                    raise ChannelError(self._complaint(pattern, timeout))
                self._changed.wait(left)
            self._cursor = found.end()
        return found

    def skip(self) -> None:
        """The next wait_for sees only what comes from now on."""
        self._cursor = len(self._text)

    def rewind(self, position: int) -> None:
        """The next wait_for starts to read here."""
        self._cursor = position

    def _complaint(self, pattern: str, timeout: float) -> str:
        why = "the machine went off" if self._socket is None else f"not within {timeout:.0f} s"
        tail = self._text[self._cursor :][-2000:]
        return f"{self._log.name}: waited for {pattern!r}: {why}; it ends with:\n{tail}"

    def _read(self, end: socket.socket) -> None:
        with self._log.open("ab") as log:
            while data := _receive(end):
                log.write(data)
                log.flush()
                with self._changed:
                    self._text += data.decode("utf-8", "replace")
                    self._changed.notify_all()
        with self._changed:
            if self._socket is end:
                self._socket = None
            self._changed.notify_all()


def _receive(end: socket.socket) -> bytes:
    """Empty at the end, however the end came."""
    try:
        return end.recv(65536)
    except OSError:
        return b""

"""QEMU's control channel (QMP): commands, and the events that came meanwhile."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import queue
import socket
import threading


class QmpError(Exception):
    """QEMU refused a command, or is gone."""


class Qmp:
    def __init__(self, end: socket.socket) -> None:
        self.events: list[dict] = []
        self._socket = end
        self._answers: queue.Queue[dict] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._answer(timeout=30)  # the greeting
        self.command("qmp_capabilities")

    def command(self, name: str, **arguments: object) -> object:
        """What QEMU returns. Raises QmpError."""
        message = {"execute": name, "arguments": arguments}
        try:
            self._socket.sendall(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise QmpError(f"{name}: {error}") from error
        answer = self._answer(timeout=30)
        if "return" not in answer:
            raise QmpError(f"{name}: {answer}")
        return answer["return"]

    def count(self, event: str) -> int:
        return sum(1 for e in self.events if e["event"] == event)

    def close(self) -> None:
        self._socket.close()

    def _answer(self, timeout: float) -> dict:
        try:
            return self._answers.get(timeout=timeout)
        except queue.Empty:
            raise QmpError("QEMU does not answer") from None

    def _read(self) -> None:
        with self._socket.makefile("rb") as lines:
            for line in _until_closed(lines):
                message = json.loads(line)
                if "event" in message:
                    self.events.append(message)
                else:
                    self._answers.put(message)
        self._answers.put({"error": "QEMU is gone"})


def _until_closed(lines):
    """Lines until the end, however the end comes."""
    try:
        yield from lines
    except (OSError, ValueError):
        return

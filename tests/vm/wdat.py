"""The ACPI table WDAT of a guest: its own TCO watchdog, told as the firmware of a server tells of one.

QEMU 7.2 makes none. `vm.osless(extra=wdat_arguments(vm.folder))` gives the guest one.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import struct
from pathlib import Path

TCO = 0x660  # OVMF puts the ports of power management at 0x600
GCS = 0xFED1F410  # root complex registers + 0x3410
REBOOTS = ["-global", "ICH9-LPC.noreboot=false"]  # the board lets the watchdog reset: QEMU 7.2 does not by itself

MEMORY, PORT = 0, 1
READ, WRITE, WRITE_COUNT, KEEP = 0, 2, 3, 0x80
HALT, NO_REBOOT = 11, 5  # bits


def _entry(action: int, instruction: int, space: int, address: int, shift: int, value: int, mask: int) -> bytes:
    access = 3 if space == MEMORY else 2  # 32 and 16 bits
    return struct.pack("<BBHBBBBQII", action, instruction, 0, space, 8 << (access - 1), shift, access, address, value, mask)


ENTRIES = [
    _entry(1, WRITE, PORT, TCO, 0, 1, 0xFFFF),  # reload
    _entry(6, WRITE_COUNT | KEEP, PORT, TCO + 0x12, 0, 0, 0x3FF),  # set countdown
    _entry(8, READ, PORT, TCO + 8, HALT, 0, 1),  # get running
    _entry(9, WRITE | KEEP, PORT, TCO + 8, HALT, 0, 1),  # set running
    _entry(10, READ, PORT, TCO + 8, HALT, 1, 1),  # get stopped
    _entry(11, WRITE | KEEP, PORT, TCO + 8, HALT, 1, 1),  # set stopped
    _entry(16, READ, MEMORY, GCS, NO_REBOOT, 0, 1),  # get reboot
    _entry(17, WRITE | KEEP, MEMORY, GCS, NO_REBOOT, 0, 1),  # set reboot
    _entry(32, READ, PORT, TCO + 6, 1, 1, 1),  # get status: expired twice
    _entry(33, WRITE, PORT, TCO + 6, 0, 2, 0xFFFF),  # set status
    _entry(33, WRITE, PORT, TCO + 6, 0, 4, 0xFFFF),
]


def make_wdat() -> bytes:
    """The whole table. It resets at the second expiry of 0.6 s each: a count is 1.2 s."""
    body = struct.pack("<IH3B3xIIIB3xI", 32, 0xFF, 0xFF, 0xFF, 0xFF, 1200, 0x3FF, 4, 0x81, len(ENTRIES)) + b"".join(ENTRIES)
    header = struct.pack("<4sIBB6s8sI4sI", b"WDAT", 36 + len(body), 1, 0, b"DARUMA", b"WATCHDOG", 1, b"TEST", 1)
    table = bytearray(header + body)
    table[9] = -sum(table) & 0xFF
    return bytes(table)


def wdat_arguments(folder: Path) -> list[str]:
    """QEMU arguments of a machine with the table."""
    file = folder / "wdat.bin"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(make_wdat())
    return [*REBOOTS, "-acpitable", f"file={file}"]

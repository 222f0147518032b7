"""Boot#### variables: a load option with the device path of a file on a GPT partition (UEFI 2.10, 3.1.3)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import struct
from dataclasses import dataclass

from vm import guid
from vm.flash import NV_BS_RT, Flash

ACTIVE = 1


@dataclass(frozen=True)
class Partition:
    """Where a partition is: what a hard drive device path says."""

    number: int
    first_sector: int
    sectors: int
    guid: str


def _hard_drive(partition: Partition) -> bytes:
    return struct.pack("<BBHIQQ16sBB", 4, 1, 42, partition.number, partition.first_sector,
                       partition.sectors, guid.to_bytes(partition.guid), 2, 2)


def _file(path: str) -> bytes:
    wide = (path + "\0").encode("utf-16-le")
    return struct.pack("<BBH", 4, 4, 4 + len(wide)) + wide


def encode(title: str, partition: Partition, path: str, options: str = "") -> bytes:
    """`options` are for the program that is started, as text of 16 bits a character, with its end."""
    devices = _hard_drive(partition) + _file(path) + struct.pack("<BBH", 0x7F, 0xFF, 4)
    return struct.pack("<IH", ACTIVE, len(devices)) + (title + "\0").encode("utf-16-le") + devices + \
        (options + "\0" if options else "").encode("utf-16-le")


def title_of(data: bytes) -> str:
    """The description of an encoded load option."""
    text = data[6:].decode("utf-16-le", "replace")
    return text.split("\0", 1)[0]


def boot_order(flash: Flash) -> list[int]:
    found = flash.find("BootOrder", guid.GLOBAL)
    return [] if found is None else list(struct.unpack(f"<{len(found.data) // 2}H", found.data))


def set_boot_order(flash: Flash, order: list[int]) -> None:
    flash.set("BootOrder", struct.pack(f"<{len(order)}H", *order), guid.GLOBAL, NV_BS_RT)


def add_entry(flash: Flash, number: int, title: str, partition: Partition, path: str, options: str = "") -> None:
    """Writes Boot<number> and puts it first."""
    flash.set(f"Boot{number:04X}", encode(title, partition, path, options), guid.GLOBAL, NV_BS_RT)
    set_boot_order(flash, [number] + [n for n in boot_order(flash) if n != number])


def titles_in_order(flash: Flash) -> list[str]:
    """What the firmware will try, by name: ["Daruma", "debian", …]."""
    names = (flash.find(f"Boot{number:04X}", guid.GLOBAL) for number in boot_order(flash))
    return [title_of(found.data) for found in names if found is not None]

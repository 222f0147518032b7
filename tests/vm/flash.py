"""The variable store of OVMF and AAVMF, read and changed from outside while the machine is off.

The file holds a firmware volume, in it a variable store: an append log of records (EDK2 VariableFormat.h,
AUTHENTICATED_VARIABLE_HEADER). A new value is a new record; the old one only changes its state byte. So
writes can be counted: every SetVariable that reached the flash has left a record, until a reclaim compacts
the log. `WriteCount` follows the log over several snapshots and says when a reclaim came between.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import struct
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from vm import guid

VOLUME_SIGNATURE = b"_FVH"
VOLUME_SIZE_AT = 32
STORE_GUID = guid.to_bytes("aaf32c78-947b-439a-a180-2e144ec37792")  # gEfiAuthenticatedVariableGuid
STORE_HEADER = struct.Struct("<16sIBBHI")
RECORD_HEADER = struct.Struct("<HBBIQ16sIII16s")
UNWRITTEN_STATE = 0xFF  # erased flash
UNWRITTEN = 0xFFFFFFFF
START_ID = 0x55AA
ADDED = 0x3F
IN_DELETED_TRANSITION = 0xFE
DELETED = 0xFD

NON_VOLATILE = 1
BOOT_SERVICE = 2
RUN_TIME = 4
NV_BS = NON_VOLATILE | BOOT_SERVICE
NV_BS_RT = NV_BS | RUN_TIME


class FlashError(Exception):
    """The file is not a variable store, or what was asked for is not in it."""


@dataclass(frozen=True)
class Variable:
    """One record of the log."""

    offset: int  # of the record's header in the file
    state: int
    attributes: int
    name: str
    vendor: str
    data: bytes
    header: bytes  # without the state byte: what makes two records the same write
    data_offset: int  # in the file; a power cut may leave a name without its end, so that only the header tells

    @property
    def live(self) -> bool:
        return self.state in (ADDED, ADDED & IN_DELETED_TRANSITION)


def erased(image: bytes) -> bytes:
    """The same store without a variable."""
    start = _store_start(image)
    end = start + STORE_HEADER.unpack_from(image, start)[1]
    first = _align(start + STORE_HEADER.size)
    return image[:first] + b"\xff" * (end - first) + image[end:]


def _align(offset: int) -> int:
    return (offset + 3) & ~3


def _store_start(image: bytes) -> int:
    """Offset of the variable store header behind the firmware volume header."""
    if image[40:44] != VOLUME_SIGNATURE:
        raise FlashError("no firmware volume")
    start = struct.unpack_from("<H", image, 48)[0]
    if image[start : start + 16] != STORE_GUID:
        raise FlashError("no authenticated variable store")
    return start


def _record_at(image: bytes, offset: int, end: int) -> Variable | None:
    if offset + RECORD_HEADER.size > end:
        return None
    fields = RECORD_HEADER.unpack_from(image, offset)
    start_id, state, _, attributes, _, _, _, name_size, data_size, vendor = fields
    name_at = offset + RECORD_HEADER.size
    if start_id != START_ID:
        return None
    if UNWRITTEN_STATE == state or UNWRITTEN in (attributes, name_size, data_size):
        # A power cut while the header was written. The firmware takes it for a header with nothing behind it.
        return Variable(offset, UNWRITTEN_STATE, attributes, "", guid.to_text(vendor), b"", b"", name_at)
    if name_at + name_size + data_size > end:
        return None
    name = image[name_at : name_at + name_size].decode("utf-16-le", "replace").rstrip("\0")
    data = image[name_at + name_size : name_at + name_size + data_size]
    header = image[offset : offset + 2] + image[offset + 3 : name_at]
    return Variable(offset, state, attributes, name, guid.to_text(vendor), data, header, name_at + name_size)


class Flash:
    """A flash file. Reads may happen at any time; changes only while no QEMU has the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def records(self) -> list[Variable]:
        """Every record of the log, whatever its state, oldest first."""
        return self._walk(self._volume())[0]

    def variables(self) -> list[Variable]:
        """What the firmware would find: live records. In a transition the added twin wins."""
        added = {(v.vendor, v.name): v for v in self.records() if v.state == ADDED}
        kept = {(v.vendor, v.name): v for v in self.records() if v.live}
        return list((kept | added).values())

    def find(self, name: str, vendor: str = guid.DARUMA) -> Variable | None:
        return next((v for v in self.variables() if (v.name, v.vendor) == (name, vendor)), None)

    def read(self, name: str, vendor: str = guid.DARUMA) -> Variable:
        """Raises FlashError where there is none."""
        found = self.find(name, vendor)
        if found is None:
            raise FlashError(f"no variable {name}")
        return found

    def set(self, name: str, data: bytes, vendor: str = guid.DARUMA, attributes: int = NV_BS_RT) -> None:
        """Adds a variable or replaces it, as the firmware would: new record, old one deleted."""
        image = bytearray(self._volume())
        records, free, end = self._walk(image)
        for old in records:
            if old.live and (old.name, old.vendor) == (name, vendor):
                image[old.offset + 2] &= DELETED
        record = _encode(name, data, vendor, attributes)
        if free + len(record) > end:
            raise FlashError("the variable store is full")
        image[free : free + len(record)] = record
        self._patch(0, image)

    def delete(self, name: str, vendor: str = guid.DARUMA) -> None:
        variable = self.read(name, vendor)
        self._patch(variable.offset + 2, bytes([variable.state & DELETED]))

    def corrupt(self, name: str, at: int, data: bytes, vendor: str = guid.DARUMA) -> None:
        """Overwrites bytes of a variable's data in place. The size stays."""
        variable = self.read(name, vendor)
        if at + len(data) > len(variable.data):
            raise FlashError(f"{name} has only {len(variable.data)} bytes")
        self._patch(variable.data_offset + at, data)

    def free_space(self) -> int:
        _, free, end = self._walk(self._volume())
        return end - free

    def _volume(self) -> bytes:
        """The firmware volume that the file begins with; a chip may be many times as large."""
        with self.path.open("rb") as file:
            head = file.read(VOLUME_SIZE_AT + 8)
            return head + file.read(struct.unpack_from("<Q", head.ljust(VOLUME_SIZE_AT + 8), VOLUME_SIZE_AT)[0])

    def _patch(self, offset: int, data: bytes) -> None:
        with self.path.open("r+b") as file:
            file.seek(offset)
            file.write(data)

    @staticmethod
    def _walk(image: bytes) -> tuple[list[Variable], int, int]:
        """The records, where the free space starts, and where the store ends."""
        start = _store_start(image)
        end = start + STORE_HEADER.unpack_from(image, start)[1]
        offset = _align(start + STORE_HEADER.size)
        records = []
        while record := _record_at(image, offset, end):
            records.append(record)
            offset = _align(record.data_offset + len(record.data))
        return records, offset, end


def _encode(name: str, data: bytes, vendor: str, attributes: int) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    header = RECORD_HEADER.pack(START_ID, ADDED, 0, attributes, 0, bytes(16), 0, len(wide), len(data),
                                guid.to_bytes(vendor))
    record = header + wide + data
    return record + b"\xff" * (_align(len(record)) - len(record))


class WriteCount:
    """Counts the records that were appended to a flash file since this object was made.

    `take()` looks at the file again. As long as a snapshot continues the one before it, the count is exact.
    After a reclaim, records that the old snapshot did not have are counted, and `reclaims` goes up: writes
    that were appended and compacted away between two snapshots cannot be seen. Take one after each boot.
    """

    def __init__(self, flash: Flash) -> None:
        self.flash = flash
        self.reclaims = 0
        self.writes: Counter[str] = Counter()
        self._seen = flash.records()

    def take(self) -> "WriteCount":
        now = self.flash.records()
        known = len(self._seen)
        if _marks(now[:known]) == _marks(self._seen):
            fresh = now[known:]
        else:
            self.reclaims += 1
            old = Counter(_content(v) for v in self._seen)
            fresh = [v for v in now if not _take_one(old, _content(v))]
        self.writes.update(v.name for v in fresh)
        self._seen = now
        return self

    def of(self, name: str) -> int:
        """Writes of variables whose name starts with `name`."""
        self.take()
        return sum(n for key, n in self.writes.items() if key.startswith(name))

    def total(self) -> int:
        self.take()
        return self.writes.total()


def _content(variable: Variable) -> tuple[bytes, str, bytes]:
    return variable.header, variable.name, variable.data


def _marks(records: list[Variable]) -> list[tuple]:
    return [(v.offset, *_content(v)) for v in records]


def _take_one(stock: Counter, key: tuple) -> bool:
    if stock[key] == 0:
        return False
    stock[key] -= 1
    return True

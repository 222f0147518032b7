"""Record, answer, boot note and limits, read and made from outside.

Written again from the drawings in policy/*.h, on purpose without the code under test: a scenario believes
what lies in the flash file, not what the program says of itself.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import struct
import zlib
from dataclasses import dataclass, field

from vm import guid

RUNGS = ["normal", "held", "trial", "safe", "rescue", "aside"]
ENDINGS = ["none", "good", "clean", "hibernated", "panic", "watchdog", "unexplained", "operator", "late"]
RESULTS = ["none", "good", "clean", "hibernated"]
REQUESTS = ["none", "trial", "safe", "aside", "hold", "normal", "forget", "repair"]
STATES = ["valid", "absent", "damaged", "newer", "foreign"]
REASONS = [
    "ordinary", "record-absent", "record-damaged", "record-newer", "record-foreign", "not-armed", "hibernated",
    "retry", "requested", "removed", "crashes-held", "crashes-safe", "resets-changed", "repaired", "left-safe",
    "trial-again", "trial-open", "trial-failed", "safe-again", "safe-failed", "rescue-again", "rescue-failed",
    "nothing-to-blame", "throttled", "still-aside", "last-resort", "menu", "late-crashes",
]
TROUBLES = [
    "record-read", "record-written", "answer-read", "limits-first", "limits-builtin", "dumps-read",
    "target-replaced", "random-weak", "target-refused", "not-measured", "not-watched",
]
WATCHDOGS = ["none", "wdat", "tco", "i6300esb", "fch", "sbsa"]  # what the numbers in note and record mean


class FormatError(Exception):
    """Wrong magic, size or checksum."""


@dataclass(frozen=True)
class Counters:
    """Failures since the last good answer."""

    panic: int = 0
    watchdog: int = 0
    unexplained: int = 0
    clean: int = 0
    late: int = 0

    @property
    def failures(self) -> int:
        return self.panic + self.watchdog + self.unexplained


@dataclass(frozen=True)
class Note:
    boot_id: bytes
    rung: str
    reason: str
    last_ending: str
    armed: bool
    changed: bool
    accused: bool
    incident_open: bool
    test: bool
    answers_by_file: bool
    troubles: tuple[str, ...]
    counters: Counters
    tries_left: int
    incident: int
    incident_starts: int
    aside_starts: int
    cooldown: int
    dumps_count: int
    dumps_newest: int
    previous_boot_id: bytes
    argument: bytes
    record_state: str
    answer_state: str
    limits_state: str
    watchdog: int
    starts: int


@dataclass(frozen=True)
class Record:
    install: bytes
    boot_id: bytes
    armed: bool
    changed: bool
    accused: bool
    incident_open: bool
    trial_repeated: bool
    rung: str
    tries_left: int
    last_ending: str
    counters: Counters
    incident_class: str
    incident: int
    incident_starts: int
    proof_minutes: int
    aside_starts: int
    cooldown: tuple[int, ...]
    healthy_minutes: int
    dumps_count: int
    dumps_newest: int
    argument: bytes
    watchdog: int
    reason: str
    starts: int


@dataclass(frozen=True)
class Answer:
    boot_id: bytes
    result: str
    changed: bool
    accused: bool
    previous: str
    request: str
    healthy_minutes: int
    argument: bytes


@dataclass
class Limits:
    """What `daruma policy apply` would write; the defaults are those of the shipped policy."""

    panic: int = 2
    unexplained: int = 4
    safe_tries: int = 2
    rescue_tries: int = 2
    incident_starts: int = 12
    aside_starts: int = 8
    incidents: int = 3
    unexplained_rule: int = 0
    incident_gap: int = 24 * 60
    token_return: int = 7 * 24 * 60
    watchdog_seconds: int = 0
    watchdogs: int = 0  # a bit for each number of WATCHDOGS; 0: wdat and tco
    policy_version: int = 1
    normal: tuple[str, str] = (r"\EFI\debian\shimx64.efi", "")  # path, load options
    safe: tuple[str, str] = ("", "")
    rescue: tuple[str, str] = ("", "")
    answer_path: str = ""
    spare: bytes = field(default=bytes(4), repr=False)


def _word(words: list[str], number: int) -> str:
    return words[number] if number < len(words) else f"unknown-{number}"


def _bit(flags: int, number: int) -> bool:
    return bool(flags >> number & 1)


def _opened(data: bytes, magic: bytes, size: int) -> None:
    if len(data) != size or data[:4] != magic:
        raise FormatError(f"no {magic.decode()}")
    if struct.unpack_from("<I", data, size - 4)[0] != zlib.crc32(data[: size - 4]):
        raise FormatError(f"{magic.decode()}: wrong checksum")


def sealed(body: bytes, magic: bytes, version: int = 1) -> bytes:
    """The body with its magic, version, size and checksum put in place."""
    size = len(body)
    inner = struct.pack("<4sHH", magic, version, size) + body[8 : size - 4]
    return inner + struct.pack("<I", zlib.crc32(inner))


def read_note(data: bytes) -> Note:
    if len(data) < 96 or data[:4] != b"DNot":
        raise FormatError("no boot note")
    flags, troubles = data[27], struct.unpack_from("<I", data, 28)[0]
    return Note(
        boot_id=data[8:24], rung=_word(RUNGS, data[24]), reason=_word(REASONS, data[25]),
        last_ending=_word(ENDINGS, data[26]), armed=_bit(flags, 0), changed=_bit(flags, 1),
        accused=_bit(flags, 2), incident_open=_bit(flags, 3), test=_bit(flags, 4),
        answers_by_file=_bit(flags, 5),
        troubles=tuple(name for bit, name in enumerate(TROUBLES) if _bit(troubles, bit)),
        counters=Counters(*data[32:37]), tries_left=data[37],
        incident=struct.unpack_from("<H", data, 38)[0], incident_starts=data[40], aside_starts=data[41],
        cooldown=struct.unpack_from("<H", data, 42)[0], dumps_count=struct.unpack_from("<I", data, 44)[0],
        dumps_newest=struct.unpack_from("<Q", data, 48)[0], previous_boot_id=data[56:72],
        argument=data[72:88], record_state=_word(STATES, data[88]), answer_state=_word(STATES, data[89]),
        limits_state=_word(STATES, data[90]), watchdog=data[91], starts=struct.unpack_from("<I", data, 92)[0])


def read_record(data: bytes) -> Record:
    _opened(data, b"DRec", 128)
    flags = data[40]
    return Record(
        install=data[8:24], boot_id=data[24:40], armed=_bit(flags, 0), changed=_bit(flags, 1),
        accused=_bit(flags, 2), incident_open=_bit(flags, 3), trial_repeated=_bit(flags, 4),
        rung=_word(RUNGS, data[41]), tries_left=data[42], last_ending=_word(ENDINGS, data[43]),
        counters=Counters(*data[44:49]), incident_class=_word(ENDINGS, data[49]),
        incident=struct.unpack_from("<H", data, 50)[0], incident_starts=data[52], aside_starts=data[53],
        proof_minutes=data[104],
        cooldown=struct.unpack_from("<3H", data, 54), healthy_minutes=struct.unpack_from("<I", data, 60)[0],
        dumps_count=struct.unpack_from("<I", data, 64)[0], dumps_newest=struct.unpack_from("<Q", data, 68)[0],
        argument=data[80:96], watchdog=data[96], reason=_word(REASONS, data[97]),
        starts=struct.unpack_from("<I", data, 100)[0])


def read_answer(data: bytes) -> Answer:
    _opened(data, b"DAns", 64)
    return Answer(
        boot_id=data[8:24], result=_word(RESULTS, data[24]), changed=_bit(data[25], 0),
        accused=_bit(data[25], 1), previous=_word(ENDINGS, data[26]), request=_word(REQUESTS, data[27]),
        healthy_minutes=struct.unpack_from("<I", data, 28)[0], argument=data[32:48])


def make_limits(install: str, limits: Limits) -> bytes:
    """`install` is the partition GUID of the ESP as text."""
    head = struct.pack(
        "<8s16s8BHHHHII", bytes(8), guid.to_bytes(install), limits.panic, limits.unexplained, limits.safe_tries,
        limits.rescue_tries, limits.incident_starts, limits.aside_starts, limits.incidents,
        limits.unexplained_rule, limits.incident_gap, limits.token_return, 0 if limits.watchdogs and not limits.watchdogs & 6 else limits.watchdog_seconds,
        limits.watchdogs, limits.policy_version, limits.watchdog_seconds if limits.watchdogs else 0)
    targets = b"".join(path.encode().ljust(256, b"\0") + options.encode().ljust(384, b"\0")
                       for path, options in (limits.normal, limits.safe, limits.rescue))
    body = head + targets + limits.answer_path.encode().ljust(72, b"\0") + limits.spare + bytes(4)
    return sealed(body, b"DLim")

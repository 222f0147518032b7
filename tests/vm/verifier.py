"""What a verifier of a TPM does: reads the firmware's log of measurements, replays it, and asks for a quote.

The quote is made by the TPM and checked here: by its signature, its nonce, and the registers it names. The key is a
symmetric one that we give to the TPM, because checking a signature of any other kind needs more than the standard
library. Section numbers are those of the TPM 2.0 library specification, part 3, and of TCG PC Client Platform Firmware Profile.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import Callable

Submit = Callable[[bytes], bytes]  # a command of the TPM -> its response

OWNER, PASSWORD = 0x40000001, 0x40000009  # TPM_RH_OWNER, TPM_RS_PW
KEYED_HASH, HMAC, NONE, SHA256 = 0x0008, 0x0005, 0x0010, 0x000B  # TPM_ALG_…
SIGNING = 1 << 1 | 1 << 4 | 1 << 6 | 1 << 10 | 1 << 18  # fixedTPM fixedParent userWithAuth noDA sign
CREATE_PRIMARY, PCR_RESET, QUOTE = 0x131, 0x13D, 0x158  # TPM_CC_…
GENERATED, QUOTED = 0xFF544347, 0x8018  # TPM_GENERATED_VALUE, TPM_ST_ATTEST_QUOTE
NO_ACTION, EVENT_TAG = 3, 6  # EV_…


class TpmError(Exception):
    """The TPM refused a command. `code` is TPM_RC."""

    def __init__(self, command: int, code: int) -> None:
        super().__init__(f"command {command:#x}: TPM_RC {code:#x}")
        self.code = code


@dataclass(frozen=True)
class Event:
    pcr: int
    type: int
    digest: bytes  # SHA-256
    data: bytes

    @property
    def tag(self) -> int | None:
        return struct.unpack_from("<I", self.data)[0] if self.type == EVENT_TAG and len(self.data) >= 8 else None

    @property
    def text(self) -> str:
        """Of a tagged event: what stands behind tag and size."""
        size = struct.unpack_from("<I", self.data, 4)[0]
        assert len(self.data) == 8 + size, self.data
        return self.data[8:].decode("ascii")


# --- the log ---------------------------------------------------------------------------------------------------


def read_log(log: bytes) -> list[Event]:
    """Entries of a crypto-agile log, without the first one, which tells the sizes of digests."""
    size = struct.unpack_from("<I", log, 28)[0]
    sizes = _digest_sizes(log[32 : 32 + size])
    at, events = 32 + size, []
    while at < len(log):
        pcr, kind, count = struct.unpack_from("<3I", log, at)
        at += 12
        digests = {}
        for _ in range(count):
            algorithm = struct.unpack_from("<H", log, at)[0]
            digests[algorithm] = log[at + 2 : at + 2 + sizes[algorithm]]
            at += 2 + sizes[algorithm]
        size = struct.unpack_from("<I", log, at)[0]
        events.append(Event(pcr, kind, digests[SHA256], log[at + 4 : at + 4 + size]))
        at += 4 + size
    assert at == len(log), "the log breaks off"
    return events


def _digest_sizes(header: bytes) -> dict[int, int]:
    """Of TCG_EfiSpecIDEvent."""
    assert header[:16] == b"Spec ID Event03\0", header
    count = struct.unpack_from("<I", header, 24)[0]
    return dict(struct.unpack_from("<HH", header, 28 + 4 * number) for number in range(count))


def replay(events: list[Event], pcr: int) -> bytes:
    """What the register holds if the log tells everything: SHA-256 bank, of a register that starts at zero."""
    value = bytes(32)
    for event in events:
        if event.pcr == pcr and event.type != NO_ACTION:
            value = hashlib.sha256(value + event.digest).digest()
    return value


# --- the TPM ---------------------------------------------------------------------------------------------------


def check_quote(submit: Submit, pcr: int, value: bytes, nonce: bytes) -> None:
    """Raises unless the TPM itself signs that the register holds this value now."""
    key = hashlib.sha256(b"of this test").digest()
    parameters = _run(submit, QUOTE, _make_key(submit, key), _sized(nonce) + struct.pack(">H", NONE) + _selection(pcr))
    attested, rest = _take(parameters)
    assert struct.unpack_from(">HH", rest) == (HMAC, SHA256), rest
    assert hmac.compare_digest(rest[4:], hmac.digest(key, hashlib.sha256(attested).digest(), "sha256")), "wrong signature"
    assert struct.unpack_from(">IH", attested) == (GENERATED, QUOTED), attested
    _signer, rest = _take(attested[6:])
    told, rest = _take(rest)
    assert told == nonce, "the quote is an old one"
    assert rest[25:] == _selection(pcr) + _sized(hashlib.sha256(value).digest()), "the register holds something else"


def reset_register(submit: Submit, pcr: int) -> None:
    """What a system that wants to hide its start would try. Raises TpmError."""
    _run(submit, PCR_RESET, pcr, b"")


def _make_key(submit: Submit, secret: bytes) -> int:
    """A signing key for HMAC with these bytes. Returns its handle; it is gone with the next reset."""
    public = struct.pack(">HHI", KEYED_HASH, SHA256, SIGNING) + _sized(b"") + struct.pack(">HH", HMAC, SHA256) + _sized(b"")
    sensitive = _sized(b"") + _sized(secret)
    created = _run(submit, CREATE_PRIMARY, OWNER, _sized(sensitive) + _sized(public) + _sized(b"") + bytes(4), handle=True)
    return struct.unpack(">I", created[:4])[0]


def _run(submit: Submit, code: int, handle_in: int, parameters: bytes, handle: bool = False) -> bytes:
    """One command with one handle, whose password is empty. Returns the handle, if any, and the parameters."""
    session = struct.pack(">IHBH", PASSWORD, 0, 0, 0)
    body = struct.pack(">II", handle_in, len(session)) + session + parameters
    response = submit(struct.pack(">HII", 0x8002, 10 + len(body), code) + body)
    result = struct.unpack_from(">I", response, 6)[0]
    if result:
        raise TpmError(code, result)
    first = response[10:14] if handle else b""
    at = 10 + len(first)
    return first + response[at + 4 : at + 4 + struct.unpack_from(">I", response, at)[0]]


def _sized(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


def _take(data: bytes) -> tuple[bytes, bytes]:
    """A sized buffer, and what follows."""
    end = 2 + struct.unpack_from(">H", data)[0]
    return data[2:end], data[end:]


def _selection(pcr: int) -> bytes:
    return struct.pack(">IHB", 1, SHA256, 3) + (1 << pcr).to_bytes(3, "little")

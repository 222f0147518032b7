"""GUIDs as text and as the 16 bytes that UEFI and GPT store (UEFI 2.10, appendix A)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from uuid import UUID

GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"  # Boot####, BootOrder
CRASH = "cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0"  # the kernel's crash dumps
DARUMA = "8d4f2c5e-6a31-4b7e-9c0d-d1a2b3c4e5f6"  # record, answer and boot note


def to_bytes(text: str) -> bytes:
    return UUID(text).bytes_le


def to_text(data: bytes) -> str:
    return str(UUID(bytes_le=data))


def short_id(text: str) -> str:
    """The <id> of variable names: first field of an ESP's partition GUID."""
    return str(UUID(text))[:8]

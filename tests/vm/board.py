"""The board of a machine: QEMU's machine of an architecture, its processor, its firmware and its serial lines."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vm.flash import erased

OVMF = Path("/usr/share/OVMF")
AAVMF = Path("/usr/share/AAVMF")
AAVMF_SIZE = 64 * 1024 * 1024  # of each of the two flash chips of QEMU's "virt"
COMMAND_PORT = 3  # ttyS3, I/O port 0x2e8: the firmware uses the first two as consoles and would take bytes away


class BoardError(Exception):
    """There is no such board."""


@dataclass(frozen=True)
class Board:
    """`keys`: None, or those that Secure Boot trusts; `commands` is the name of QEMU's chardev for the command line."""

    processor: str
    registers: str  # of QEMU's list of them: what tells where a processor is
    machine: Callable[[str | None], list[str]]  # QEMU's arguments, for these keys
    code: Callable[[str | None], Path]  # firmware
    fill_store: Callable[[str | None, Path], None]  # makes a flash file as it leaves the factory
    commands: list[str]
    tpm: str  # QEMU's device


# --- x86_64: q35 ---------------------------------------------------------------------------------------------------


def _q35(keys: str | None) -> list[str]:
    arguments = ["-machine", f"q35,smm={'on' if keys else 'off'}", "-global", "ICH9-LPC.disable_s3=1"]
    return arguments + (["-global", "driver=cfi.pflash01,property=secure,value=on"] if keys else [])


def _ovmf_code(keys: str | None) -> Path:
    return OVMF / ("OVMF_CODE_4M.secboot.fd" if keys else "OVMF_CODE_4M.fd")


def _fill_ovmf_store(keys: str | None, file: Path) -> None:
    name = f"OVMF_VARS_4M.{keys}.fd" if keys else "OVMF_VARS_4M.fd"
    file.write_bytes((OVMF / name).read_bytes())


# --- aarch64: virt -------------------------------------------------------------------------------------------------


def _fill_aavmf_store(keys: str | None, file: Path) -> None:
    """The chip is much larger than the store in it. Without keys the package has one that the firmware has yet to format; a
    formatted one takes boot entries."""
    store = (AAVMF / f"AAVMF_VARS.{keys or 'ms'}.fd").read_bytes()
    with file.open("wb") as chip:
        chip.write((store if keys else erased(store)).rstrip(b"\0"))
        chip.truncate(AAVMF_SIZE)


BOARDS = {
    "x86_64": Board(
        processor="max", registers=r"CPU#\d+|RIP=\w+ RFL=\w+|HLT=\d", machine=_q35, code=_ovmf_code, fill_store=_fill_ovmf_store,
        commands=["-device", f"isa-serial,chardev=commands,index={COMMAND_PORT}"], tpm="tpm-tis"),
    # One serial port is all that "virt" has for the system: commands come by semihosting.
    "aarch64": Board(
        processor="max,pauth-impdef=on", registers=r"CPU#\d+|PC=\w+|PSTATE=\w+", machine=lambda _: ["-machine", "virt"],
        code=lambda _: AAVMF / "AAVMF_CODE.fd", fill_store=_fill_aavmf_store,
        commands=["-semihosting-config", "enable=on,target=native,chardev=commands"], tpm="tpm-tis-device"),
}


def board(architecture: str) -> Board:
    if architecture not in BOARDS:
        raise BoardError(f"no firmware for {architecture}")
    return BOARDS[architecture]

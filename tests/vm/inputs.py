"""A digest of everything a scenario's result depends on, for --resume."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import hashlib
from functools import cache
from pathlib import Path

from vm.paths import BUILD, TREE
from vm.scenario import Scenario

SOURCES = ["Makefile", "efi", "policy", "recovery", "scripts", "tests/vm"]
PROGRAMS = ["efi/darumax64.efi", "efi/payloadx64.efi", "efi/darumaaa64.efi", "efi/payloadaa64.efi", "daruma", "daruma-generator",
            "daruma-initramfs", "daruma-rescue"]


def digest(scenario: Scenario) -> str:
    """Of the scenario's own file, the sources and the built programs. Other scenarios do not count."""
    whole = hashlib.sha256(_tree_digest())
    whole.update(scenario.file.read_bytes())
    whole.update(scenario.function.encode())
    return whole.hexdigest()


@cache
def _tree_digest() -> bytes:
    whole = hashlib.sha256()
    for file in sorted(_tree_files()):
        whole.update(str(file).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.digest()


def _tree_files() -> list[Path]:
    programs = [BUILD / name for name in PROGRAMS]
    sources = [file for name in SOURCES for file in _below(TREE / name)]
    return [file for file in programs if file.is_file()] + sources


def _below(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in path.rglob("*") if file.is_file() and not _is_apart(file)]


def _is_apart(file: Path) -> bool:
    return file.name.startswith("scenario_") or "__pycache__" in file.parts

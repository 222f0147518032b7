"""Where things are: the tree, what was built, and the cache."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
from pathlib import Path

VM = Path(__file__).resolve().parent
TREE = VM.parents[1]
BUILD = TREE / os.environ.get("BUILD", "build")
EFI_NAMES = {"x86_64": "x64", "aarch64": "aa64"}  # UEFI 2.10, 3.5.1.1
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "daruma"


def stage(architecture: str) -> Path:
    return BUILD / "efi" / f"daruma{EFI_NAMES[architecture]}.efi"


def payload(architecture: str) -> Path:
    return BUILD / "efi" / f"payload{EFI_NAMES[architecture]}.efi"


STAGE = stage("x86_64")
PAYLOAD = payload("x86_64")

"""Where things are: the tree, what was built, and the cache."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
from pathlib import Path

VM = Path(__file__).resolve().parent
TREE = VM.parents[1]
BUILD = TREE / os.environ.get("BUILD", "build")
STAGE = BUILD / "efi" / "darumax64.efi"
PAYLOAD = BUILD / "efi" / "payload.efi"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "daruma"

"""Debian packages that only a few guests have: fetched from where this machine gets its own, the first time that a scenario
asks for them, and kept in the cache.

    for package in packages(["cryptsetup-bin"]):
        guest.disk.write(f"/var/local/packages/{package.name}", package.read_bytes())       # the machine is off
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
from pathlib import Path

from vm.disk import run_tool
from vm.image import cached, digest
from vm.paths import CACHE

DOWNLOAD = 'cd "$1" && shift && exec apt-get download -q "$@"'


def download(folder: Path, names: list[str]) -> None:
    """Into `folder`, which is new: these packages as they are, without what they depend on."""
    folder.mkdir()
    run_tool("sh", "-c", DOWNLOAD, "sh", folder, *names)


def packages(names: list[str]) -> list[Path]:
    """The files of the packages, in no order."""
    key = digest(" ".join(sorted(names)).encode(), Path(__file__))
    folder = cached(CACHE / f"packages-{key}", lambda place: download(place, names))
    return list(folder.glob("*.deb"))

"""Disk images: a GPT with partitions of chosen identity, and files on their FAT file systems."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import subprocess
from pathlib import Path

from vm.load_option import Partition

MIB = 1024 * 1024
SECTOR = 512
ESP_TYPE = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
LINUX_TYPE = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
SWAP_TYPE = "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F"


class DiskError(Exception):
    """A tool refused."""


def run_tool(*command: str | Path, stdin: bytes = b"", environment: dict[str, str] | None = None) -> bytes:
    """Output of a tool. Raises DiskError with what it said."""
    done = subprocess.run([str(word) for word in command], input=stdin, capture_output=True, env=environment,
                          check=False)
    if done.returncode != 0:
        raise DiskError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def make_table(path: Path, partitions: list[tuple[str, str, int]]) -> list[Partition]:
    """Makes a sparse disk with partitions (type, GUID, size in MiB) one after another from 1 MiB on."""
    size = 2 + sum(megabytes for _, _, megabytes in partitions)
    with path.open("wb") as file:
        file.truncate(size * MIB)
    script = ["label: gpt", "unit: sectors"]
    made = []
    start = MIB // SECTOR
    for number, (kind, identity, megabytes) in enumerate(partitions, 1):
        sectors = megabytes * MIB // SECTOR
        script.append(f"start={start}, size={sectors}, type={kind}, uuid={identity}")
        made.append(Partition(number, start, sectors, identity))
        start += sectors
    run_tool("sfdisk", "-q", "--no-reread", "--no-tell-kernel", path, stdin="\n".join(script).encode())
    return made


class Fat:
    """The FAT file system on a partition of a disk that no machine uses at the moment."""

    def __init__(self, disk: Path, partition: Partition) -> None:
        self._disk = disk
        self._partition = partition

    def format(self, serial: str = "5EED0001") -> None:
        """`serial` is the volume's serial number, 8 hex digits: what Linux calls its UUID."""
        kibibytes = self._partition.sectors * SECTOR // 1024
        run_tool("mkfs.vfat", "-F", "16", "-n", "ESP", "-i", serial, "--offset", str(self._partition.first_sector), self._disk,
                 str(kibibytes))

    def make_folder(self, folder: str) -> None:
        """With its parents: `EFI/debian`."""
        path = ""
        for part in folder.strip("/").split("/"):
            path += f"/{part}"
            if not self.exists(path):
                run_tool("mmd", "-i", self._image, f"::{path}")

    def write(self, name: str, data: bytes) -> None:
        """Makes or replaces a file; folders above it are made."""
        if "/" in name.strip("/"):
            self.make_folder(name.rsplit("/", 1)[0])
        run_tool("mcopy", "-o", "-i", self._image, "-", f"::/{name.lstrip('/')}", stdin=data)

    def read(self, name: str) -> bytes:
        return run_tool("mtype", "-i", self._image, f"::/{name.lstrip('/')}")

    def delete(self, name: str) -> None:
        run_tool("mdel", "-i", self._image, f"::/{name.lstrip('/')}")

    def exists(self, name: str) -> bool:
        try:
            run_tool("mdir", "-b", "-i", self._image, f"::/{name.strip('/')}")
        except DiskError:
            return False
        return True

    @property
    def _image(self) -> str:
        return f"{self._disk}@@{self._partition.first_sector * SECTOR}"

"""Files on an ext4 partition of a raw disk that no machine uses at the moment: no mounts, no root needed."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import subprocess
import tempfile
from pathlib import Path

from vm.disk import MIB, SECTOR, DiskError, run_tool
from vm.load_option import Partition

TIDIED = (0, 1, 2)  # e2fsck(8): clean, corrected, corrected and a reboot would be wanted


class Ext4:
    def __init__(self, disk: Path, partition: Partition) -> None:
        self._device = f"{disk}?offset={partition.first_sector * SECTOR}"
        self._partition = partition
        self._disk = disk

    def make(self, tree: Path, identity: str, label: str) -> None:
        """Formats the partition and fills it with the files of a tree, owners and all."""
        blocks = self._partition.sectors * SECTOR // 4096
        run_tool("mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-m", "0", "-U", identity, "-L", label,
                 "-d", tree, "-E", f"offset={self._partition.first_sector * SECTOR},lazy_itable_init=1",
                 self._disk, str(blocks))

    def settle(self) -> None:
        """Replays the journal and repairs, as a boot would. Needed after a power cut, before anything else."""
        if self._needs_replay():
            self._replay()
        else:
            _check(self._device)

    def _needs_replay(self) -> bool:
        return b"needs_recovery" in run_tool("debugfs", "-R", "features", self._device)

    def _replay(self) -> None:
        """On a copy of the partition: e2fsck forgets the offset when it opens the file again after a replay."""
        with tempfile.TemporaryDirectory(dir=self._disk.parent) as folder:
            copy = Path(folder) / "partition.raw"
            start, size = (str(sectors * SECTOR) for sectors in (self._partition.first_sector,
                                                                 self._partition.sectors))
            run_tool("dd", f"if={self._disk}", f"of={copy}", f"skip={start}", f"count={size}", "bs=1M",
                     "iflag=skip_bytes,count_bytes", "conv=sparse")
            _check(str(copy))
            _write_changes(copy, self._disk, self._partition.first_sector * SECTOR)

    def read(self, path: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            self._debugfs([f"dump {path} {copy}"], writable=False)
            if not copy.exists():
                raise DiskError(f"{path}: no such file")
            return copy.read_bytes()

    def write(self, path: str, data: bytes, mode: int = 0o644) -> None:
        """Makes or replaces a file owned by root; folders above it are made."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / path.lstrip("/")
            file.parent.mkdir(parents=True)
            file.write_bytes(data)
            file.chmod(mode)
            self.write_tree(Path(folder))

    def write_tree(self, tree: Path) -> None:
        """Copies all files, folders and links of a tree, owned by root. Folders that exist stay as they are."""
        self._debugfs([order for source in sorted(tree.rglob("*")) for order in self._orders(source, tree)],
                      writable=True)
        self.settle()

    def delete(self, path: str) -> None:
        self._debugfs([f"rm {path}"], writable=True)

    def exists(self, path: str) -> bool:
        done = subprocess.run(["debugfs", "-R", f"stat {path}", self._device], capture_output=True, check=False)
        return b"File not found" not in done.stderr

    def _orders(self, source: Path, tree: Path) -> list[str]:
        """debugfs(8) requests that copy one thing. Its mkdir of a folder that exists does harm: it leaves an
        inode behind that nothing names."""
        path = f"/{source.relative_to(tree)}"
        remove = [f"rm {path}"] if self.exists(path) else []
        if source.is_symlink():
            return [*remove, f"symlink {path} {source.readlink()}"]
        if source.is_dir():
            return [] if remove else [f"mkdir {path}"]
        return [*remove, f"write {source} {path}", f"set_inode_field {path} uid 0", f"set_inode_field {path} gid 0"]

    def _debugfs(self, orders: list[str], writable: bool) -> None:
        flags = ["-w"] if writable else []
        done = subprocess.run(["debugfs", *flags, "-f", "-", self._device], capture_output=True, check=False,
                              input="\n".join(orders).encode() + b"\n")
        complaints = [line for line in done.stderr.decode(errors="replace").splitlines()[1:] if line]
        if done.returncode or complaints:
            raise DiskError(f"debugfs: {' '.join(complaints)}")


def _write_changes(copy: Path, disk: Path, start: int) -> None:
    """Brings the copy back to its place; what is the same stays untouched, holes included."""
    with copy.open("rb") as new, disk.open("r+b") as old:
        for at in range(0, copy.stat().st_size, MIB):
            old.seek(start + at)
            piece = new.read(MIB)
            if piece != old.read(len(piece)):
                old.seek(start + at)
                old.write(piece)


def _check(device: str) -> None:
    done = subprocess.run(["e2fsck", "-f", "-y", device], capture_output=True, check=False)
    if done.returncode not in TIDIED:
        raise DiskError(f"e2fsck: {done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")

"""A Debian kernel of aarch64 with one program for all of user space, as a target that the stage starts itself.

    kernel = arm64_kernel()
    guest.esp.write("EFI/debian/vmlinuz.efi", kernel.image.read_bytes())
    guest.esp.write("EFI/debian/initrd", initramfs(kernel, vm.folder))

The kernel is an EFI program (its EFI stub), and loads the initramfs itself. Debian builds one for machines in a cloud: with
the drivers of a guest, a third of the size. It comes from where this machine gets its packages, with lists of its own, so
that nothing of this machine's package management changes; the first time some 30 MB are fetched. It stays in the cache.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from vm.disk import run_tool
from vm.image import SUITE, cached, digest, host_sources
from vm.paths import CACHE, TREE, VM

PACKAGE = "linux-image-cloud-arm64"  # names the newest one
MODULES = ["fs/efivarfs/efivarfs.ko", "drivers/firmware/efi/efi-pstore.ko"]
COMPILER = "aarch64-linux-gnu-gcc"
DOWNLOAD = 'cd "$1" && shift && exec apt-get "$@"'


@dataclass(frozen=True)
class Kernel:
    image: Path
    modules: list[Path]


def arm64_kernel() -> Kernel:
    key = digest(f"{PACKAGE} {SUITE}".encode(), Path(__file__))
    folder = cached(CACHE / f"arm64-kernel-{key}", _fetch)
    image, = folder.glob("boot/vmlinuz-*")
    modules, = folder.glob("lib/modules/*")
    return Kernel(image, [modules / "kernel" / name for name in MODULES])


def _fetch(folder: Path) -> None:
    """The files of the package."""
    lists = folder / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (lists / name).mkdir(parents=True)
    (lists / "sources").write_bytes(host_sources())
    (lists / "status").touch()
    options = ["-oAPT::Architecture=arm64", "-oAPT::Architectures::=arm64", "-oAcquire::Languages=none",
               f"-oDir::State::Lists={lists}/lists", f"-oDir::State::status={lists}/status", f"-oDir::Cache={lists}/cache",
               f"-oDir::Etc::SourceList={lists}/sources", "-oDir::Etc::SourceParts=/dev/null"]
    run_tool("apt-get", *options, "-q", "update")
    described = run_tool("apt-cache", *options, "show", "--no-all-versions", PACKAGE).decode()
    package = re.search(r"^Depends: (linux-image-\S+)", described, re.MULTILINE)
    assert package is not None, described
    run_tool("sh", "-c", DOWNLOAD, "sh", lists, *options, "-q", "download", package[1])
    file, = lists.glob("linux-image-*.deb")
    run_tool("dpkg-deb", "-x", file, folder)
    run_tool("rm", "-r", lists)


def initramfs(kernel: Kernel, folder: Path) -> bytes:
    """linux/init.c, built in `folder`, and the kernel's modules that it loads."""
    program = folder / "init"
    sources = [VM / "linux" / "init.c", *sorted((TREE / "policy").glob("*.c"))]
    run_tool(COMPILER, "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-I", TREE, *sources, "-o", program)
    files = {"init": program.read_bytes(), **{path.name: path.read_bytes() for path in kernel.modules}}
    entries = [_entry(number, name, data) for number, (name, data) in enumerate(files.items(), 1)]
    return b"".join(entries) + _entry(0, "TRAILER!!!", b"")


def _entry(number: int, name: str, data: bytes) -> bytes:
    """One file of a cpio archive (Linux Documentation/driver-api/early-userspace/buffer-format.rst)."""
    fields = [number, stat.S_IFREG | 0o755, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
    return _padded(head) + _padded(data)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)

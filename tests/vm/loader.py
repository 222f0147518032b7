"""What a full guest is started by: shim and GRUB as Debian has them, systemd-boot, a unified image, or the kernel itself.

    disk = vm.disk(loader=SYSTEMD_BOOT)

All but the first have kernel and initramfs on the ESP. There a new initramfs is laid by a hook of update-initramfs; the
unified image stays as it was made.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vm.disk import Fat, run_tool

SYSTEMD_BOOT_FILES = Path("/usr/lib/systemd/boot/efi")  # package systemd-boot-efi
HOOK = "etc/initramfs/post-update.d/zz-esp"
HOOK_TEXT = """#!/bin/sh
# Called with the release and the path of the new initramfs.
if mountpoint -q /boot/efi; then
	cp "$2" /boot/efi/EFI/debian/initrd.img
fi
"""
GRUB_STUB = """search.fs_uuid {root} root
set prefix=($root)'/boot/grub'
configfile $prefix/grub.cfg
"""
ENTRY = """title Debian
linux /EFI/debian/vmlinuz.efi
initrd /EFI/debian/initrd.img
options {options}
"""
# Where systemd's stub has its parts.
SECTIONS = {".osrel": 0x20000, ".cmdline": 0x30000, ".linux": 0x2000000, ".initrd": 0x4000000}


@dataclass(frozen=True)
class Loader:
    title: str  # of its boot entry
    path: str  # on the ESP
    options: str = ""  # of its boot entry; {options} stands for the kernel's command line
    # Lays its files from the root tree on the ESP, for that command line.
    fill: Callable[[Fat, Path, str], None] = field(repr=False, kw_only=True)
    refresh: bool = field(default=True, kw_only=True)  # a new initramfs has to be laid on the ESP


def _fill_grub(esp: Fat, root: Path, options: str) -> None:
    shim = root / "usr/lib/shim"
    grub = root / "usr/lib/grub/x86_64-efi-signed"
    esp.write("EFI/debian/shimx64.efi", (shim / "shimx64.efi.signed").read_bytes())
    esp.write("EFI/debian/mmx64.efi", (shim / "mmx64.efi.signed").read_bytes())
    esp.write("EFI/debian/grubx64.efi", (grub / "grubx64.efi.signed").read_bytes())
    esp.write("EFI/debian/grub.cfg", GRUB_STUB.format(root=options.split("root=UUID=", 1)[1].split()[0]).encode())


def _fill_kernel(esp: Fat, root: Path, options: str) -> None:
    esp.write("EFI/debian/vmlinuz.efi", (root / "boot/vmlinuz").read_bytes())
    esp.write("EFI/debian/initrd.img", (root / "boot/initrd.img").read_bytes())


def _fill_systemd_boot(esp: Fat, root: Path, options: str) -> None:
    _fill_kernel(esp, root, options)
    esp.write("EFI/systemd/systemd-bootx64.efi", (SYSTEMD_BOOT_FILES / "systemd-bootx64.efi").read_bytes())
    esp.write("loader/loader.conf", b"timeout 0\n")
    esp.write("loader/entries/debian.conf", ENTRY.format(options=options).encode())


def _fill_unified(esp: Fat, root: Path, options: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command_line = Path(folder) / "cmdline"
        command_line.write_text(options)
        parts = {".osrel": root / "usr/lib/os-release", ".cmdline": command_line,
                 ".linux": root / "boot/vmlinuz", ".initrd": root / "boot/initrd.img"}
        arguments = []
        for section, file in parts.items():
            arguments += ["--add-section", f"{section}={file.resolve()}", "--change-section-vma",
                          f"{section}={SECTIONS[section]:#x}"]
        image = Path(folder) / "unified.efi"
        run_tool("objcopy", *arguments, SYSTEMD_BOOT_FILES / "linuxx64.efi.stub", image)
        esp.write("EFI/Linux/debian.efi", image.read_bytes())


GRUB = Loader("debian", r"\EFI\debian\shimx64.efi", fill=_fill_grub, refresh=False)
SYSTEMD_BOOT = Loader("Linux Boot Manager", r"\EFI\systemd\systemd-bootx64.efi", fill=_fill_systemd_boot)
UNIFIED_IMAGE = Loader("unified", r"\EFI\Linux\debian.efi", fill=_fill_unified, refresh=False)
KERNEL_ITSELF = Loader("kernel", r"\EFI\debian\vmlinuz.efi", r"initrd=\EFI\debian\initrd.img {options}", fill=_fill_kernel)

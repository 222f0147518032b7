"""The disk of a full guest: Debian with shim and GRUB on the ESP, root on ext4, and what a scenario puts in.

    disk = vm.disk()
    disk.install_daruma()
    disk.install(product)
    disk.write("/etc/hostname", b"web7\n")
    guest = vm.guest(disk)

Nothing is made before the guest is. What is installed `early` gets into the initramfs: it is laid into the
tree of files before the file system is made, and the result is kept in build/vm/images. Everything else is
written into the scenario's own copy.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from vm.disk import ESP_TYPE, LINUX_TYPE, SWAP_TYPE, DiskError, Fat, make_table, run_tool
from vm.ext4 import Ext4
from vm.image import Image, cached, digest, image, lay_over, remove
from vm.load_option import Partition
from vm.loader import GRUB, HOOK, HOOK_TEXT, Loader
from vm.modules import module_index
from vm.paths import BUILD, TREE, VM

ESP_GUID = "5eed0001-0000-4000-8000-000000000001"
ESP_SERIAL = "5EED0001"  # FAT volume serial number: the UUID in fstab
ROOT_GUID = "5eed0002-0000-4000-8000-000000000002"  # of the partition and of its file system
VAR_GUID = "5eed0003-0000-4000-8000-000000000003"
SWAP_GUID = "5eed0004-0000-4000-8000-000000000004"
ESP_MIB = 64
ROOT_MIB = 2048
VAR_MIB = 512
# The kernel tries its timer interrupt against the processor's speed, and on a busy host may take it for broken.
KERNEL_OPTIONS = "console=ttyS0 quiet mitigations=off no_timer_check"
IMAGES = BUILD / "vm" / "images"
IMAGES_KEPT = 6

GRUB_CONFIG = """set timeout=0
insmod part_gpt
insmod ext2
search --no-floppy --fs-uuid --set=root {root}
if [ -f $prefix/custom.cfg ]; then
	source $prefix/custom.cfg
fi
menuentry 'Debian' {{
	linux /boot/vmlinuz {options}
	initrd /boot/initrd.img
}}
"""


class Installable(Protocol):
    """What a disk can install."""

    def tree(self, image: Image, folder: Path) -> Path:
        """Lays its files out below `folder`, which is new, and returns it."""


@dataclass
class Layout:
    """Partitions of a disk."""

    esp: Partition
    root: Partition
    var: Partition | None
    swap: Partition | None


class Disk:
    def __init__(self, *, var_partition: bool = False, swap: int = 0, kernel_options: str = "",
                 esp_guid: str = ESP_GUID, loader: Loader = GRUB) -> None:
        """`swap` in MiB; `kernel_options` are added to those of the image."""
        self.image: Image = image()
        self.kernel = self.image.kernel
        self.esp_guid = esp_guid
        self._var_partition = var_partition
        self._swap = swap
        self.loader = loader
        self.options = f"root=UUID={ROOT_GUID} ro {KERNEL_OPTIONS} {kernel_options}".strip()
        self._early: list[Path] = []
        self._late: list[Path] = []
        self._commands: list[str] = []
        self._own = tempfile.TemporaryDirectory()
        self._path: Path | None = None
        self._layout: Layout | None = None

    # --- before the guest is made ------------------------------------------------------------------------

    def install_tree(self, tree: Path, *, early: bool = False, commands: list[str] | None = None) -> None:
        """The files below `tree` go to the same places below /. `commands` run inside (chroot) before the
        initramfs is made again; they need `early`."""
        (self._early if early else self._late).append(tree)
        self._commands += commands or []

    def install_daruma(self) -> None:
        """`make install` into the image. The first boot then has to run `daruma install` inside."""
        tree = Path(self._own.name) / "daruma"
        run_tool("make", "-s", "-C", TREE, "install", f"DESTDIR={tree}")
        self.install_tree(tree, early=True)

    def install(self, product: "Installable", *, early: bool = False) -> None:
        """A product as in product.py: lays its files out for this kernel."""
        place = Path(tempfile.mkdtemp(dir=self._own.name)) / "product"
        self.install_tree(product.tree(self.image, place), early=early)

    def write(self, path: str, data: bytes, mode: int = 0o644) -> None:
        """One file: now, where the disk is made already (the machine must be off), or when it is made."""
        if self._path is not None:
            self._file_system(path).write(self._inside(path), data, mode)
            return
        tree = Path(tempfile.mkdtemp(dir=self._own.name))
        file = tree / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        file.chmod(mode)
        self._late.append(tree)

    def key(self) -> str:
        """Of all that goes into the disk: two disks of one key are the same."""
        return digest(self._master_key().encode(), *self._late)

    def adopt(self, path: Path) -> None:
        """Takes a copy of a disk of the same key, which a guest has used, in the place of making one."""
        self._path = path

    # --- once the guest is made, while it is off ---------------------------------------------------------

    def read(self, path: str) -> bytes:
        file_system = self._file_system(path)
        file_system.settle()
        return file_system.read(self._inside(path))

    def delete(self, path: str) -> None:
        self._file_system(path).delete(self._inside(path))

    def settle(self) -> None:
        """After a power cut, before anything is written from outside: replays the journals."""
        self._file_system("/").settle()
        if self._var_partition:
            self._file_system("/var/").settle()

    @property
    def esp(self) -> Fat:
        layout, path = self._made()
        return Fat(path, layout.esp)

    @property
    def esp_partition(self) -> Partition:
        return self._made()[0].esp

    # --- making ------------------------------------------------------------------------------------------

    def make(self, folder: Path) -> Path:
        """Makes the scenario's own copy in `folder`, once, and returns its path."""
        if self._path is None:
            master = cached(IMAGES / f"{self._master_key()}.raw", self._make_master)
            master.touch()
            _forget_old_images()
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "disk.raw"
            run_tool("cp", "--reflink=auto", "--sparse=always", master, path)
            self._path = path
            self._write_late()
        return self._path

    def _master_key(self) -> str:
        choices = f"{self._var_partition} {self._swap} {self.options} {self.esp_guid} {self._commands} {self.loader}"
        code = [Path(__file__), VM / "loader.py"]
        return digest(self.image.key.encode(), choices.encode(), *code, *self._early)

    def _make_master(self, path: Path) -> None:
        with tempfile.TemporaryDirectory(dir=IMAGES) as folder:
            root = self._early_root(Path(folder))
            self._layout = self._partition(path)
            self._fill_esp(Fat(path, self._layout.esp), root)
            self._fill_linux(path, root, Path(folder))

    def _early_root(self, folder: Path) -> Path:
        """The image's tree with everything early laid over it, and its own fstab and grub.cfg."""
        root = folder / "root"
        run_tool("cp", "-a", "--reflink=auto", self.image.root, root)
        for number, tree in enumerate(self._early):
            lay_over(_staged(tree, folder / f"early-{number}"), root)
        (root / "boot/grub/grub.cfg").write_text(GRUB_CONFIG.format(root=ROOT_GUID, options=self.options))
        with (root / "etc/fstab").open("a") as table:
            table.write(self._more_mounts())
        if self._swap:
            (root / "etc/initramfs-tools/conf.d/resume").write_text(f"RESUME=UUID={SWAP_GUID}\n")
        if self.loader.refresh:
            (root / HOOK).parent.mkdir(parents=True, exist_ok=True)
            (root / HOOK).write_text(HOOK_TEXT)
            (root / HOOK).chmod(0o755)
        if self._early:
            run_tool("depmod", "-b", root, self.kernel)
        for command in self._commands:
            run_tool("chroot", root, "sh", "-c", command)
        if self._early or self._swap:
            run_tool("chroot", root, "update-initramfs", "-u", "-k", self.kernel)
        return root

    def _more_mounts(self) -> str:
        var = f"UUID={VAR_GUID} /var ext4 defaults 0 2\n" if self._var_partition else ""
        swap = f"UUID={SWAP_GUID} none swap sw 0 0\n" if self._swap else ""
        return var + swap

    def _partition(self, path: Path) -> Layout:
        wanted = [(ESP_TYPE, self.esp_guid, ESP_MIB), (LINUX_TYPE, ROOT_GUID, ROOT_MIB)]
        if self._var_partition:
            wanted.append((LINUX_TYPE, VAR_GUID, VAR_MIB))
        if self._swap:
            wanted.append((SWAP_TYPE, SWAP_GUID, self._swap))
        made = iter(make_table(path, wanted))
        return Layout(next(made), next(made), next(made) if self._var_partition else None,
                      next(made) if self._swap else None)

    def _fill_esp(self, esp: Fat, root: Path) -> None:
        esp.format(serial=ESP_SERIAL)
        self.loader.fill(esp, root, self.options)

    def _fill_linux(self, path: Path, root: Path, folder: Path) -> None:
        assert self._layout is not None
        if self._layout.var:
            var = folder / "var"
            (root / "var").rename(var)
            (root / "var").mkdir()
            Ext4(path, self._layout.var).make(var, VAR_GUID, "var")
        Ext4(path, self._layout.root).make(root, ROOT_GUID, "root")
        if self._layout.swap:
            _make_swap(path, self._layout.swap)

    def _write_late(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for number, tree in enumerate(self._late):
                self._write_staged(_staged(tree, Path(folder) / str(number)))
            index = module_index(self.image, [*self._early, *self._late])
            if index is not None:
                self._write_staged(index)

    def _write_staged(self, tree: Path) -> None:
        if self._var_partition and (tree / "var").exists():
            self._file_system("/var/").write_tree(tree / "var")
            remove(tree / "var")
        self._file_system("/").write_tree(tree)

    # --- helpers -----------------------------------------------------------------------------------------

    def _made(self) -> tuple[Layout, Path]:
        if self._path is None:
            raise DiskError("the disk is not made yet: vm.guest(disk) does it")
        if self._layout is None:
            self._layout = self._known_layout()
        return self._layout, self._path

    def _known_layout(self) -> Layout:
        """The partitions of a master that was made by another run."""
        with tempfile.TemporaryDirectory() as folder:
            return self._partition(Path(folder) / "table.raw")

    def _file_system(self, path: str) -> Ext4:
        layout, disk = self._made()
        if layout.var and path.startswith("/var/"):
            return Ext4(disk, layout.var)
        return Ext4(disk, layout.root)

    def _inside(self, path: str) -> str:
        """The path below its own file system."""
        return path.removeprefix("/var") if self._var_partition and path.startswith("/var/") else path


def _staged(tree: Path, copy: Path) -> Path:
    """A copy of a tree in which /lib, /bin and /sbin are below /usr, as Debian has them."""
    shutil.copytree(tree, copy, symlinks=True)
    for name in ("lib", "bin", "sbin"):
        if (copy / name).is_dir() and not (copy / name).is_symlink():
            shutil.copytree(copy / name, copy / "usr" / name, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(copy / name)
    return copy


def _make_swap(path: Path, partition: Partition) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.truncate(partition.sectors * 512)
        run_tool("mkswap", "-q", "-U", SWAP_GUID, file.name)
        with path.open("r+b") as disk:
            disk.seek(partition.first_sector * 512)
            disk.write(Path(file.name).read_bytes()[:4096])


def _forget_old_images() -> None:
    """Each build of Daruma makes a new one; only the latest stay."""
    for old in sorted(IMAGES.glob("*.raw"), key=_used, reverse=True)[IMAGES_KEPT:]:
        remove(old)


def _used(file: Path) -> float:
    """When it was used last. Another scenario may just have forgotten it."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0

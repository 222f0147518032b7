"""The test product: a sensor with a kernel module, a service, an updater, and content with a manifest.

    product = Product()
    disk.install(product)
    …
    product.push(guest, bad_content(revision=2))   # a running healthy machine panics

Another name makes another product of the same kind, and `module=False` one without a kernel module, whose service makes
the machine panic when its content is bad: the kernel's report names nobody then.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import hashlib
import io
import json
import shutil
import struct
import tarfile
import tempfile
from pathlib import Path

from vm.guest import Guest
from vm.image import Image
from vm.modules import build_module
from vm.paths import VM

FILES = VM / "product" / "files"
NO_MODULE_FILES = VM / "product" / "no_module"  # laid over FILES
MODULE = VM / "product" / "module"
NAME = "acme_sensor"
SERVICE = "acme-sensor.service"
FIELDS = 20  # what the sensor really has
RUINOUS = 1001  # fields with which its module damages memory of the kernel
CONTENT = "/opt/acme/content"
INCOMING = "/var/lib/acme/incoming"

Content = dict[str, bytes]  # file name -> data


def product_file(name: str, module: bool) -> dict:
    """What Daruma is told about the product."""
    place = f"/opt/{name}"
    return {
        "schema": "daruma.product.v1",
        "id": f"{name}-sensor",
        "vendor": name.capitalize(),
        "product": f"{name.capitalize()} endpoint sensor",
        "units": [f"{name}-sensor.service"],
        "modules": [f"{name}_sensor"] if module else [],
        "code_paths": [f"{place}/bin"],
        "content_paths": [f"{place}/content"],
        "content_sets": [{"name": "rules", "path": f"{place}/content", "manifest": f"{place}/content/MANIFEST.sha256"}],
        "updater_units": [f"{name}-updater.timer", f"{name}-updater.service"],
        "sources": ["made for the tests"],
    }


PRODUCT_FILE = product_file("acme", module=True)


def content(revision: int, fields: int) -> Content:
    files = {
        "rules.bin": struct.pack("<4sII", b"ACME", fields, revision),
        "names.txt": f"revision {revision}\n".encode(),
    }
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()]
    return files | {"MANIFEST.sha256": "".join(lines).encode()}


def good_content(revision: int = 1) -> Content:
    return content(revision, FIELDS)


def bad_content(revision: int = 2) -> Content:
    """Declares one field more than there is. Its manifest is right."""
    return content(revision, FIELDS + 1)


def ruinous_content(revision: int = 2) -> Content:
    """The module damages memory with it: a worker of the kernel crashes, and the report names no module. Outside an
    interrupt, so that the machine panics only where kernel.panic_on_oops is set."""
    return content(revision, RUINOUS)


class Product:
    def __init__(self, *, name: str = "acme", release: int = 1, files: Content | None = None, described: bool = True,
                 enabled: bool = True, modules_load: bool = False, module: bool = True) -> None:
        """`name`: takes the place of "acme" in all that it brings. release 2 is a module that faults with any content,
        release 3 one that faults while it is loaded. `described`: brings its product file for Daruma. `enabled`: its
        units start at boot. `modules_load`: its module is in modules-load.d too. `module`: it has one."""
        self.name = name
        self.id = f"{name}-sensor"
        self.module_name = f"{name}_sensor"
        self.service = f"{name}-sensor.service"
        self.updater = f"{name}-updater.service"
        self.content_folder = f"/opt/{name}/content"
        self.incoming = f"/var/lib/{name}/incoming"
        self._release = release
        self._content = files or good_content()
        self._described = described
        self._enabled = enabled
        self._modules_load = modules_load
        self._module = module

    def module(self, image: Image, release: int | None = None) -> bytes:
        """Its built module for the image's kernel."""
        folder = build_module(image, MODULE, RELEASE=str(release or self._release), MODULE_NAME=self.module_name)
        return (folder / f"{self.module_name}.ko").read_bytes()

    def module_path(self, image: Image) -> str:
        return f"/usr/lib/modules/{image.kernel}/updates/{self.module_name}.ko"

    def tree(self, image: Image, folder: Path) -> Path:
        """Lays all files of the product out below `folder`, which is new."""
        self._lay(FILES, folder)
        if not self._module:
            self._lay(NO_MODULE_FILES, folder)
        else:
            _put(folder, self.module_path(image), self.module(image))
        for name, data in self._content.items():
            _put(folder, f"{self.content_folder}/{name}", data)
        (folder / self.incoming.lstrip("/")).mkdir(parents=True)
        if self._described:
            _put(folder, f"/usr/lib/daruma/products.d/{self.id}.json",
                 json.dumps(product_file(self.name, self._module), indent=2).encode())
        if self._modules_load:
            _put(folder, f"/etc/modules-load.d/{self.name}.conf", f"{self.module_name}\n".encode())
        if self._enabled:
            _enable(folder, self.service, "multi-user.target")
            _enable(folder, f"{self.name}-updater.timer", "timers.target")
        return folder

    def _lay(self, files: Path, folder: Path) -> None:
        """The files, with the product's name in the place of "acme" in names and texts."""
        for file in files.rglob("*"):
            if not file.is_file():
                continue
            path = str(file.relative_to(files)).replace("acme", self.name)
            text = file.read_text().replace("acme", self.name).replace("Acme", self.name.capitalize())
            _put(folder, path, text.encode())
            shutil.copymode(file, folder / path)

    def land(self, guest: Guest, files: Content) -> None:
        """An update of the content comes in; the updater has not seen it yet."""
        for name, data in files.items():
            guest.write(f"{self.incoming}/{name}", data)

    def push(self, guest: Guest, files: Content, wait: bool = False) -> None:
        """An update of the content arrives and is landed by the product's own updater. With bad content the
        machine panics, so do not `wait` then."""
        self.land(guest, files)
        command = f"systemctl start {self.updater}"
        if wait:
            guest.check(command)
        else:
            guest.start(command)

    def push_module(self, guest: Guest, release: int) -> None:
        """An update of the module: the file is replaced, and the running sensor restarted."""
        path = self.module_path(guest.disk.image)
        guest.write(path, self.module(guest.disk.image, release))
        guest.check("sync")
        guest.start(f"systemctl restart {self.service}")

    def is_running(self, guest: Guest, revision: int | None = None) -> bool:
        """The sensor evaluates, with content of that revision where one is given."""
        if guest.run(f"systemctl is-active --quiet {self.service}").status != 0:
            return False
        if not self._module:
            return revision in (None, self.revision(guest))
        numbers = guest.run(f"cd /sys/module/{self.module_name}/parameters && cat evaluations revision").stdout.split()
        return len(numbers) == 2 and int(numbers[0]) > 0 and revision in (None, int(numbers[1]))

    def revision(self, guest: Guest) -> int:
        """Of the content in its place."""
        return struct.unpack("<4sII", guest.read(f"{self.content_folder}/rules.bin"))[2]


def bring(guest: Guest, products: list[Product]) -> None:
    """Lays the files of products out on a running machine, as their installers would. Nothing of them starts or is enabled
    by that."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as work, tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for product in products:
            folder = product.tree(guest.disk.image, Path(work) / product.name)
            for file in folder.rglob("*"):
                if file.is_file() and not file.is_symlink():
                    archive.add(file, arcname=str(file.relative_to(folder)))
    guest.write("/root/products.tar.gz", packed.getvalue())
    guest.check("tar -xzf /root/products.tar.gz --no-same-owner -C / && rm /root/products.tar.gz && systemctl daemon-reload")


def _put(folder: Path, path: str, data: bytes) -> None:
    file = folder / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _enable(folder: Path, unit: str, target: str) -> None:
    wants = folder / "etc/systemd/system" / f"{target}.wants"
    wants.mkdir(parents=True, exist_ok=True)
    (wants / unit).symlink_to(f"/etc/systemd/system/{unit}")

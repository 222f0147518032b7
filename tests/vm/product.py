"""The test product: a sensor with a kernel module, a service, an updater, and content with a manifest.

    product = Product()
    disk.install(product)
    …
    product.push(guest, bad_content(revision=2))   # a running healthy machine panics
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import hashlib
import json
import shutil
import struct
from pathlib import Path

from vm.guest import Guest
from vm.image import Image
from vm.modules import build_module
from vm.paths import VM

FILES = VM / "product" / "files"
MODULE = VM / "product" / "module"
NAME = "acme_sensor"
SERVICE = "acme-sensor.service"
FIELDS = 20  # what the sensor really has
CONTENT = "/opt/acme/content"
INCOMING = "/var/lib/acme/incoming"

Content = dict[str, bytes]  # file name -> data

PRODUCT_FILE = {
    "schema": "daruma.product.v1",
    "id": "acme-sensor",
    "vendor": "Acme",
    "product": "Acme endpoint sensor",
    "units": [SERVICE],
    "modules": [NAME],
    "code_paths": ["/opt/acme/bin"],
    "content_paths": [CONTENT],
    "content_sets": [{"name": "rules", "path": CONTENT, "manifest": f"{CONTENT}/MANIFEST.sha256"}],
    "updater_units": ["acme-updater.timer", "acme-updater.service"],
    "sources": ["made for the tests"],
}


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


class Product:
    def __init__(self, *, release: int = 1, files: Content | None = None, described: bool = True,
                 enabled: bool = True, modules_load: bool = False) -> None:
        """release 2 is a module that faults with any content, release 3 one that faults while it is loaded.
        `described`: brings its product file for Daruma. `enabled`: its units start at boot. `modules_load`: its module is in modules-load.d too."""
        self._release = release
        self._content = files or good_content()
        self._described = described
        self._enabled = enabled
        self._modules_load = modules_load

    def module(self, image: Image, release: int | None = None) -> bytes:
        """The built acme_sensor.ko for the image's kernel."""
        folder = build_module(image, MODULE, RELEASE=str(release or self._release))
        return (folder / f"{NAME}.ko").read_bytes()

    def module_path(self, image: Image) -> str:
        return f"/usr/lib/modules/{image.kernel}/updates/{NAME}.ko"

    def tree(self, image: Image, folder: Path) -> Path:
        """Lays all files of the product out below `folder`, which is new."""
        shutil.copytree(FILES, folder, symlinks=True)
        _put(folder, self.module_path(image), self.module(image))
        for name, data in self._content.items():
            _put(folder, f"{CONTENT}/{name}", data)
        (folder / INCOMING.lstrip("/")).mkdir(parents=True)
        if self._described:
            _put(folder, "/usr/lib/daruma/products.d/acme-sensor.json", json.dumps(PRODUCT_FILE, indent=2).encode())
        if self._modules_load:
            _put(folder, "/etc/modules-load.d/acme.conf", f"{NAME}\n".encode())
        if self._enabled:
            _enable(folder, SERVICE, "multi-user.target")
            _enable(folder, "acme-updater.timer", "timers.target")
        return folder

    def push(self, guest: Guest, files: Content, wait: bool = False) -> None:
        """An update of the content arrives and is landed by the product's own updater. With bad content the
        machine panics, so do not `wait` then."""
        for name, data in files.items():
            guest.write(f"{INCOMING}/{name}", data)
        command = "systemctl start acme-updater.service"
        if wait:
            guest.check(command)
        else:
            guest.start(command)

    def push_module(self, guest: Guest, release: int) -> None:
        """An update of the module: the file is replaced, and the running sensor restarted."""
        path = self.module_path(guest.disk.image)
        guest.write(path, self.module(guest.disk.image, release))
        guest.check("sync")
        guest.start(f"systemctl restart {SERVICE}")

    def is_running(self, guest: Guest, revision: int | None = None) -> bool:
        """The sensor evaluates, with content of that revision where one is given."""
        numbers = guest.run(f"cd /sys/module/{NAME}/parameters && cat evaluations revision").stdout.split()
        if len(numbers) != 2 or guest.run(f"systemctl is-active --quiet {SERVICE}").status != 0:
            return False
        return int(numbers[0]) > 0 and revision in (None, int(numbers[1]))


def _put(folder: Path, path: str, data: bytes) -> None:
    file = folder / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _enable(folder: Path, unit: str, target: str) -> None:
    wants = folder / "etc/systemd/system" / f"{target}.wants"
    wants.mkdir(parents=True, exist_ok=True)
    (wants / unit).symlink_to(f"/etc/systemd/system/{unit}")

"""Another kernel beside the image's own: the package, which a running guest installs, and its headers for modules.

    kernel = other_kernel(guest.disk.image)
    guest.disk.write(kernel.path, kernel.package.read_bytes())          # the machine is off
    …
    guest.check(f"dpkg -i {kernel.path}", timeout=900)

Debian builds each kernel for machines in a cloud too: a module ABI of its own, the drivers that a guest needs, a third of the
size. By its name GRUB takes it for the newer one of the two. It comes from where this machine gets its packages, the first
time that a scenario asks for it, and stays in the cache.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
from dataclasses import dataclass
from pathlib import Path

from vm.disk import run_tool
from vm.guest import Guest
from vm.image import Image, cached, digest
from vm.packages import download
from vm.paths import CACHE
from vm.prepared import GOOD
from vm.product import Product


@dataclass(frozen=True)
class Kernel:
    """Stands for an Image where modules are built."""

    kernel: str  # release, as uname says it
    headers: Path
    package: Path
    path: str  # where a guest may have the package


def other_kernel(image: Image) -> Kernel:
    version, flavour = image.kernel.rsplit("-", 1)
    release = f"{version}-cloud-{flavour}"
    key = digest(str(image.headers).encode(), image.kernel.encode(), Path(__file__))
    folder = cached(CACHE / f"kernel-{key}", lambda place: _fetch(image, release, place))
    package, = folder.glob("linux-image-*.deb")
    return Kernel(release, folder / "headers", package, f"/var/local/packages/kernel/{package.name}")


def _fetch(image: Image, release: str, folder: Path) -> None:
    download(folder, [f"linux-image-{release}", f"linux-headers-{release}"])
    # What all flavours have in common is there already.
    run_tool("cp", "-a", "--reflink=auto", image.headers, folder / "headers")
    headers, = folder.glob("linux-headers-*.deb")
    run_tool("dpkg-deb", "-x", headers, folder / "headers")
    headers.unlink()


def is_healthy_on(guest: Guest, kernel: str, product: Product) -> bool:
    """It runs that release, was answered good, and the product evaluates its first content."""
    return guest.run("uname -r").stdout.strip() == kernel and guest.run(GOOD).status == 0 and \
        product.is_running(guest, revision=1)

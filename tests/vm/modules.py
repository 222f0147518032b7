"""Out-of-tree kernel modules: built against the headers of the image's kernel, and indexed for modprobe."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import shutil
import tempfile
from pathlib import Path

from vm.disk import run_tool
from vm.image import Image, cached, digest
from vm.paths import BUILD

BUILT = BUILD / "vm" / "modules"
INDEX = "modules.*"


def build_module(image: Image, sources: Path, **settings: str) -> Path:
    """Builds the module of a folder that holds NAME.c files and a Kbuild, with make variables, and returns the
    folder with the .ko. Kept by a digest of everything that goes in."""
    key = digest(image.kernel.encode(), repr(settings).encode(), sources)
    return cached(BUILT / f"{sources.name}-{key}", lambda folder: _build(image, sources, folder, settings))


def _build(image: Image, sources: Path, folder: Path, settings: dict[str, str]) -> None:
    shutil.copytree(sources, folder)
    environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MFLAGS", "BUILD")}
    run_tool("make", "-s", "-C", _headers(image), f"M={folder}", "modules",
             *(f"{name}={value}" for name, value in settings.items()), environment=environment)


def _headers(image: Image) -> Path:
    """Debian's headers name each other by absolute paths; here they are made to lie in the cache."""
    sources = image.headers / "usr" / "src"
    flavour = sources / f"linux-headers-{image.kernel}"
    present = (flavour / "Makefile").read_text()
    common = Path(present.split()[1]).parent.name
    wanted = f"include {sources}/{common}/Makefile\n"
    if present != wanted:
        (flavour / "Makefile").write_text(wanted)
    return flavour


def module_index(image: Image, trees: list[Path]) -> Path | None:
    """A tree with the files that depmod makes when the modules of `trees` are added; None where they have none."""
    added = [tree for tree in trees if list(tree.glob("**/lib/modules/**/*.ko"))]
    if not added:
        return None
    key = digest(image.key.encode(), *added)
    return cached(BUILT / f"index-{key}", lambda folder: _index(image, added, folder))


def _index(image: Image, trees: list[Path], folder: Path) -> None:
    place = Path("usr/lib/modules") / image.kernel
    with tempfile.TemporaryDirectory(dir=image.root.parent) as scratch:
        root = Path(scratch)
        (root / place).parent.mkdir(parents=True)
        (root / "lib").symlink_to("usr/lib")
        run_tool("cp", "-al", image.root / place, root / place)
        for tree in trees:
            _add_modules(tree, image.kernel, root / place)
        run_tool("depmod", "-b", root, image.kernel)
        (folder / place).mkdir(parents=True)
        for file in (root / place).glob(INDEX):
            shutil.copyfile(file, folder / place / file.name)


def _add_modules(tree: Path, kernel: str, place: Path) -> None:
    for module in tree.glob(f"**/lib/modules/{kernel}/**/*.ko"):
        inside = str(module).split(f"lib/modules/{kernel}/", 1)[1]
        (place / inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(module, place / inside)

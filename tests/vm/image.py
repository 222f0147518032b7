"""The Debian that full guests run: bootstrapped once, kept in the cache as a tree of files.

Two layers, each keyed by a digest of its recipe: the bootstrap (packages from the mirror that this machine
itself uses) and the configured guest on top. Needs root, Debian's archive and nothing else.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vm.disk import run_tool
from vm.paths import CACHE, VM

RECIPE = VM / "image"
SUITE = "bookworm"
HOST_SETTINGS = ("Acquire::http::Proxy", "Acquire::https::Proxy", "Acquire::Check-Valid-Until",
                 "Acquire::Check-Date")
LEFT_OUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")


class Image:
    """Folders of the cache; complete once they exist."""

    def __init__(self, base: Path, folder: Path) -> None:
        self.key = folder.name
        self.root = folder / "root"
        self.headers = base / "headers"
        self.kernel = next((self.root / "usr/lib/modules").iterdir()).name


def digest(*parts: bytes | Path) -> str:
    """Of bytes, files and whole trees, with names and modes."""
    whole = hashlib.sha256()
    for part in parts:
        for piece in [part] if isinstance(part, bytes) else _pieces(part):
            whole.update(len(piece).to_bytes(8, "little") + piece)
    return whole.hexdigest()[:16]


def _pieces(path: Path) -> Iterator[bytes]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    for file in files:
        yield f"{file.relative_to(path)} {file.lstat().st_mode:o}".encode()
        if file.is_symlink():
            yield str(file.readlink()).encode()
        elif file.is_file():
            yield file.read_bytes()


def cached(target: Path, make: Callable[[Path], None]) -> Path:
    """The target, made if it is not there. `make` fills another path, which then gets the name: a half-made
    target is never seen. Processes that want the same one wait for each other."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target):
        if not target.exists():
            unfinished = target.with_name(target.name + ".unfinished")
            remove(unfinished)
            make(unfinished)
            unfinished.rename(target)
    return target


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    with target.with_name(target.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def image() -> Image:
    """The configured guest, from the cache; the first time it takes about two minutes."""
    base_key = digest(_packages().encode(), RECIPE / "bootstrap-hook")
    key = digest(base_key.encode(), RECIPE / "configure", RECIPE / "files")
    base = cached(CACHE / f"base-{base_key}", _bootstrap)
    return Image(base, cached(CACHE / f"image-{key}", lambda folder: _configure(base, folder)))


def _bootstrap(folder: Path) -> None:
    folder.mkdir()
    command: list[str | Path] = [
        "mmdebstrap", "--mode=root", "--variant=minbase", f"--include={_packages()}",
        '--aptopt=APT::Install-Recommends "false"',
        f"--customize-hook={RECIPE}/bootstrap-hook \"$1\" {folder}/headers",
        *(f"--dpkgopt=path-exclude={path}" for path in LEFT_OUT), *_host_options(),
        SUITE, folder / "root", "-",
    ]
    run_tool(*command, stdin=host_sources())


def _configure(base: Path, folder: Path) -> None:
    folder.mkdir()
    root = folder / "root"
    run_tool("cp", "-a", "--reflink=auto", base / "root", root)
    lay_over(RECIPE / "files", root)
    run_tool(RECIPE / "configure", root)


def lay_over(tree: Path, root: Path) -> None:
    """Copies the files of a tree into a root, owned by root."""
    run_tool("cp", "-R", "-P", "--preserve=mode", "--no-target-directory", tree, root)


def _packages() -> str:
    return ",".join((RECIPE / "packages").read_text().split())


def host_sources() -> bytes:
    """Where this machine gets Debian from. The image gets it from there too, and does not keep the name."""
    lines = run_tool("apt-get", "indextargets", "--format", "deb $(REPO_URI) $(RELEASE) $(COMPONENT)",
                     "Created-By: Packages", "Origin: Debian").decode().splitlines()
    wanted = sorted({line for line in lines if line.split()[2].startswith(SUITE)})
    return "\n".join(wanted).encode()


def _host_options() -> list[str]:
    settings = run_tool("apt-config", "dump").decode().splitlines()
    return [f"--aptopt={line}" for line in settings if line.split(" ")[0] in HOST_SETTINGS]

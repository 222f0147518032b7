"""Machines on which Daruma is installed, armed and has a good generation: made once, then copied.

A scenario that starts with "a healthy machine that Daruma watches" saves the boots that lead there:

    guest = vm.prepared(products=[acme_sensor()])

The machine is switched off. What differs between scenarios (disk layout, kernel options, policy, products) is
part of the key, so each kind is made once per build of Daruma.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import shutil
import tempfile
from pathlib import Path

from vm.debian import IMAGES, Disk
from vm.disk import run_tool
from vm.guest import Guest
from vm.image import cached, digest
from vm.paths import TREE

POLICY_PATH = "/etc/daruma/policy.json"
SETTLE_SECONDS = 5
GOOD = "daruma is-healthy"


def policy(**changes: object) -> bytes:
    """The shipped policy with a short settle time and the given members replaced: policy(health__deadline_seconds=60)."""
    document = json.loads((TREE / "policy" / "policy.json").read_text())
    for path, value in ({"health__settle_seconds": SETTLE_SECONDS} | changes).items():
        place = document
        *folders, name = path.split("__")
        for folder in folders:
            place = place[folder]
        place[name] = value
    return json.dumps(document, indent=1).encode()


def install_and_settle(guest: Guest) -> None:
    """`daruma install` inside, one restart through the stage, and health until the answer is good."""
    guest.boot(until="multi-user.target")
    guest.check("daruma install", timeout=600)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 400)


def prepared(disk: Disk, folder: Path, **hardware: object) -> Guest:
    """A guest in `folder` that starts from the kept machine of this kind, switched off."""
    key = digest(disk.key().encode(), repr(sorted(hardware.items())).encode(), Path(__file__))
    master = cached(IMAGES / f"prepared-{key}", lambda place: _prepare(disk, place, hardware))
    folder.mkdir(parents=True, exist_ok=True)
    run_tool("cp", "--reflink=auto", "--sparse=always", master / "disk.raw", folder / "disk.raw")
    shutil.copyfile(master / "flash.fd", folder / "flash.fd")
    disk.adopt(folder / "disk.raw")
    return Guest(folder, disk, **hardware)


def _prepare(disk: Disk, place: Path, hardware: dict) -> None:
    place.mkdir()
    with tempfile.TemporaryDirectory(dir=IMAGES) as work:
        guest = Guest(Path(work), disk, **hardware)
        try:
            install_and_settle(guest)
            guest.power_off()
        finally:
            guest.power_cut()
            for log in Path(work).glob("*.log"):
                shutil.copyfile(log, place / log.name)
        shutil.move(Path(work) / "disk.raw", place / "disk.raw")
        shutil.move(Path(work) / "flash.fd", place / "flash.fd")

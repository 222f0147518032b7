"""The bad content comes with a Debian package of the vendor, and the machine panics while dpkg runs the package's own script.
What is set aside is told with its package and versions; the package is held, so that the package manager does not lay it
down again; the hold ends by itself when another version is there (R25)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import tempfile
from pathlib import Path

from vm.boots import PANIC, boots, wait_until_recovered
from vm.disk import run_tool
from vm.prepared import GOOD
from vm.product import Product, bad_content, good_content

TIME_LIMIT = 1800
PACKAGE = "acme-sensor"
SCRIPT = """#!/bin/sh
set -e
sync
printf %s /opt/acme/content/rules.bin >/sys/module/acme_sensor/parameters/content
"""


def package(folder, version, content):
    """The content of the product as the vendor packs it."""
    tree = folder / version
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(f"Package: {PACKAGE}\nVersion: {version}\nArchitecture: all\n"
                                         "Maintainer: Acme <security@acme.example>\nDescription: content of the sensor\n")
    (tree / "DEBIAN/postinst").write_text(SCRIPT)
    (tree / "DEBIAN/postinst").chmod(0o755)
    place = tree / "opt/acme/content"
    place.mkdir(parents=True)
    for name, data in content.items():
        (place / name).write_bytes(data)
    file = folder / f"{version}.deb"
    run_tool("dpkg-deb", "--root-owner-group", "-b", tree, file)
    return file.read_bytes()


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    with tempfile.TemporaryDirectory() as work:
        for version, content in (("1.0", good_content()), ("1.1", bad_content()), ("1.2", good_content(revision=3))):
            guest.write(f"/root/{version}.deb", package(Path(work), version, content))
    guest.check("dpkg -i /root/1.0.deb")
    guest.wait_until("! systemctl is-active --quiet daruma-gate.service", 180)
    first = len(boots(guest)) - 1
    guest.start("dpkg -i /root/1.1.deb")
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]
    guest.wait_until(f"apt-mark showhold | grep -qx {PACKAGE}", 90)
    entries = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    origins = {(entry["package"]["name"], entry["package"]["before"], entry["package"]["after"]) for entry in entries}
    assert origins == {(PACKAGE, "1.0", "1.1")}, entries
    assert f"{PACKAGE} 1.0 -> 1.1" in guest.check("daruma list-quarantine")
    # The vendor's next version, which a person installs in spite of the hold.
    vm.say(guest.check("dpkg --force-hold -i /root/1.2.deb"))
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.wait_until(f"! apt-mark showhold | grep -qx {PACKAGE}", 60)
    assert product.is_running(guest, revision=3)
    assert not boots(guest)[-1].panicked

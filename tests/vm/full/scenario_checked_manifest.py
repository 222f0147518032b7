"""A product checks at each start that its content is just what its manifest lists, and where it is not it fetches all of it
from the vendor again, by itself, and ends. A bad update that also brings a new file is set aside as a whole, so that
content and manifest belong together, the product finds nothing to fetch, and its service runs (R23)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import hashlib
import json

from vm.boots import PANIC, boots, wait_until_recovered
from vm.prepared import GOOD
from vm.product import Product, bad_content, good_content

TIME_LIMIT = 1500
MIRROR = "/srv/mirror"  # what the vendor's servers offer
SENSOR = "/opt/acme/bin/acme-sensor"
STRICT = f"""#!/bin/sh
set -eu
content=/opt/acme/content
cd "$content"
listed=$(cut -c 67- MANIFEST.sha256 | LC_ALL=C sort)
present=$(ls -A | grep -vxF MANIFEST.sha256 | LC_ALL=C sort)
if [ "$listed" != "$present" ] || ! sha256sum --quiet --strict -c MANIFEST.sha256; then
	echo 'manifest and content differ: all is fetched again'
	cp {MIRROR}/* /var/lib/acme/incoming/
	/opt/acme/bin/acme-update
	exit 1
fi
printf '%s' "$content/rules.bin" >/sys/module/acme_sensor/parameters/content
exec sleep infinity
"""
DIFFER = "manifest and content differ"


def update():
    """Bad, with one file more than before. Its manifest is right."""
    files = bad_content() | {"more.bin": b"more\n"}
    files["MANIFEST.sha256"] += f"{hashlib.sha256(files['more.bin']).hexdigest()}  more.bin\n".encode()
    return files


def run(vm):
    product = Product()
    guest = vm.watched(product)
    guest.disk.write(SENSOR, STRICT.encode(), mode=0o755)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    guest.wait_until("! systemctl is-active --quiet daruma-gate.service", 180)
    assert product.is_running(guest, revision=1)
    for name, data in update().items():
        guest.write(f"{MIRROR}/{name}", data)
    first = len(boots(guest)) - 1
    product.push(guest, update())
    guest.console.wait_for(PANIC, 120)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)

    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]
    assert guest.check(f"ls -A {product.content_folder}").split() == sorted(good_content()), "what the good manifest lists"
    for name, data in good_content().items():
        assert guest.read(f"{product.content_folder}/{name}") == data, name
    entries = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    assert {entry["path"] for entry in entries} == {f"{product.content_folder}/{name}" for name in update()}, entries
    assert DIFFER not in guest.check(f"journalctl -b -o cat -u {product.service}")
    assert guest.check(f"systemctl show -P NRestarts {product.service}").strip() == "0"
    assert guest.check(f"ls -A {product.incoming}").strip() == ""
    # Nor in the next ordinary start, with every hold in place.
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 180)
    assert product.is_running(guest, revision=1)
    assert DIFFER not in guest.check(f"journalctl -b -o cat -u {product.service}")

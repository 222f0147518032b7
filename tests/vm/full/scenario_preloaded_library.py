"""A product's library in /etc/ld.so.preload meets bad content and ends every program with it, init too: no start reaches a
program of the system, the safe profile neither. The rescue start repairs it from the initramfs, before anything of it runs."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import subprocess
from pathlib import Path

from vm.boots import PANIC, boots, wait_until_recovered
from vm.image import Image
from vm.prepared import GOOD
from vm.product import CONTENT, FIELDS, bad_content, good_content

TIME_LIMIT = 2400
LIBRARY = "/opt/acme/lib/libacme.so"
SOURCE = f"""#include <fcntl.h>
#include <unistd.h>

/* Reads its content in every program, and takes a wrong number of fields for the end of the world. */
__attribute__((constructor)) static void begin(void)
{{
	unsigned header[3] = {{ 0 }};
	int fd = open("{CONTENT}/rules.bin", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (read(fd, header, sizeof(header)) == sizeof(header) && header[1] != {FIELDS})
		__builtin_trap();
	close(fd);
}}
"""


class Preloaded:
    """A sensor that lives in every program: no module, no service."""

    def tree(self, image: Image, folder: Path) -> Path:
        (folder / LIBRARY.lstrip("/")).parent.mkdir(parents=True)
        subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", folder / LIBRARY.lstrip("/"), "-x", "c", "-"],
                       input=SOURCE.encode(), check=True)
        for path, data in self.files().items():
            file = folder / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return folder

    def files(self) -> dict[str, bytes]:
        described = {
            "schema": "daruma.product.v1",
            "id": "acme-preload",
            "vendor": "Acme",
            "product": "Acme process sensor",
            "code_paths": ["/opt/acme/lib"],
            "content_sets": [{"name": "rules", "path": CONTENT, "manifest": f"{CONTENT}/MANIFEST.sha256"}],
            "sources": ["made for the tests"],
        }
        return {
            "/etc/ld.so.preload": f"{LIBRARY}\n".encode(),
            "/usr/lib/daruma/products.d/acme-preload.json": json.dumps(described, indent=2).encode(),
        } | {f"{CONTENT}/{name}": data for name, data in good_content().items()}


def run(vm):
    guest = vm.watched(Preloaded())
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    first = len(boots(guest)) - 1
    for name, data in bad_content().items():
        guest.write(f"/opt/acme/incoming/{name}", data)
    # What reads the content goes last: no program begins behind it, so the shell that runs resets the machine.
    guest.start("cd /opt/acme && for file in names.txt MANIFEST.sha256 rules.bin; do "
                "dd if=incoming/$file of=content/$file conv=fsync; done; echo b >/proc/sysrq-trigger")
    guest.console.wait_for(PANIC, 300)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0, 1500, say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    rungs = [boot.rung for boot in story]
    assert rungs[-2:] == ["rescue", "trial"], words
    # Before it, the safe profile met the same end as the rest.
    assert "safe" in rungs and all(boot.panicked for boot in story[1:-2]), words
    assert not story[-2].panicked and not story[-1].panicked, words
    for name, data in good_content().items():
        assert guest.read(f"{CONTENT}/{name}") == data, name
    entries = json.loads(guest.check("daruma list-quarantine --json=short"))["entries"]
    assert {entry["product"] for entry in entries} == {"acme-preload"}, entries
    told = guest.check("daruma explain")
    assert "was a rescue boot" in told and "acme-preload" in told, told

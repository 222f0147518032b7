"""A product that lives in every program: a library in /etc/ld.so.preload, without a module or a service. Bad content has it end
every program that begins, init too.

    guest = vm.watched(Preloaded())
    push(guest, bad_content())          # lands it, and resets the machine
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import subprocess
from pathlib import Path

from vm.guest import Guest
from vm.image import Image
from vm.product import CONTENT, FIELDS, good_content

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


def push(guest: Guest, content: dict[str, bytes]) -> None:
    """Lands `content`, and resets the machine. What reads the content goes last: no program begins behind it, so that the shell
    that runs has to do it."""
    for name, data in content.items():
        guest.write(f"/opt/acme/incoming/{name}", data)
    guest.start("cd /opt/acme && for file in names.txt MANIFEST.sha256 rules.bin; do "
                "dd if=incoming/$file of=content/$file conv=fsync; done; echo b >/proc/sysrq-trigger")

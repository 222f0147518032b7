"""EFI programs signed for Secure Boot, by what `make sign` calls.

    trusted = Key.trusted(vm.folder)        # the test key of the ovmf package: secure_boot="snakeoil" trusts it
    stranger = Key.made(vm.folder, "stranger")
    guest.esp.write("EFI/debian/shimx64.efi", trusted.sign(PAYLOAD))
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vm.paths import TREE

OVMF_KEY = Path("/usr/share/ovmf/PkKek-1-snakeoil.key")
OVMF_CERTIFICATE = Path("/usr/share/ovmf/PkKek-1-snakeoil.pem")
OVMF_PASSWORD = "snakeoil"


class SigningError(Exception):
    """openssl or the signing script failed."""


def _run(*words: object) -> None:
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if result.returncode:
        raise SigningError(f"{words[0]}: {result.stdout}{result.stderr}")


@dataclass(frozen=True)
class Key:
    folder: Path  # for what is signed
    key: Path
    certificate: Path

    @staticmethod
    def trusted(folder: Path) -> "Key":
        key = folder / "trusted.key"
        _run("openssl", "pkey", "-in", OVMF_KEY, "-passin", f"pass:{OVMF_PASSWORD}", "-out", key)
        return Key(folder, key, OVMF_CERTIFICATE)

    @staticmethod
    def made(folder: Path, name: str) -> "Key":
        """A new one, that no firmware knows."""
        key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
        _run("openssl", "req", "-new", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}/", "-days", "3650",
             "-keyout", key, "-out", certificate)
        return Key(folder, key, certificate)

    def sign(self, program: Path) -> bytes:
        copy = self.folder / program.name
        shutil.copyfile(program, copy)
        _run(TREE / "scripts" / "sign-image", self.key, self.certificate, copy)
        return copy.with_name(copy.name + ".signed").read_bytes()

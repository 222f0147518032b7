"""EFI programs signed for Secure Boot, by what `make sign` calls.

    trusted = Key.trusted(vm.folder)        # the test key of the ovmf package: secure_boot="snakeoil" trusts it
    stranger = Key.made(vm.folder, "stranger")
    guest.esp.write("EFI/debian/shimx64.efi", trusted.sign(PAYLOAD))
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vm import guid
from vm.flash import NV_BS, Flash
from vm.paths import TREE

OVMF_KEY = Path("/usr/share/ovmf/PkKek-1-snakeoil.key")
OVMF_CERTIFICATE = Path("/usr/share/ovmf/PkKek-1-snakeoil.pem")
OVMF_PASSWORD = "snakeoil"
SHIM_GUID = "605dab50-e046-4300-abb6-3dd810dd8b23"
X509_GUID = "a5c059a1-94e4-4aa7-87b5-ab155c2bf072"  # EFI_CERT_X509_GUID


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

    def enrol_for_shim(self, flash: Flash) -> None:
        """Puts the certificate into the owner's list of shim, as its menu does; while the machine is off."""
        certificate = subprocess.run(["openssl", "x509", "-in", self.certificate, "-outform", "DER"], capture_output=True,
                                     check=True).stdout
        size = 16 + len(certificate)
        # EFI_SIGNATURE_LIST with one certificate (UEFI 2.10, 32.4.1)
        head = struct.pack("<16sIII", guid.to_bytes(X509_GUID), 28 + size, 0, size)
        flash.set("MokList", head + guid.to_bytes(SHIM_GUID) + certificate, SHIM_GUID, NV_BS)

    def sign_others(self, program: Path) -> bytes:
        """A program that is not ours, and is not checked as ours are."""
        signed = self.folder / (program.name + ".signed")
        _run("sbsign", "--key", self.key, "--cert", self.certificate, "--output", signed, program)
        return signed.read_bytes()

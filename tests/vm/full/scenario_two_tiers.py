"""Secrets in two tiers, as daruma(8) has the recipe: what is sealed to PCR 7 opens in every rung, what is sealed to PCR 5 too
only in normal starts: not in the safe profile, not in the trial behind it (R41)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import re

from vm.packages import packages
from vm.paths import TREE
from vm.prepared import GOOD
from vm.product import Product

TIME_LIMIT = 1800
PLACE = "/var/local/packages/tiers"
# What the system's own systemd-cryptenroll and systemd-cryptsetup load, and cryptsetup(8) for making the volumes.
NAMES = ["cryptsetup-bin", "libtss2-esys-3.0.2-0", "libtss2-mu0", "libtss2-rc0", "libtss2-sys1", "libtss2-tctildr0",
         "libtss2-tcti-device0"]
CRYPTSETUP = "/lib/systemd/systemd-cryptsetup"
FIRST, SECOND = "first", "second"


def recipe():
    """The PCRs of the two tiers, from the manual."""
    text = (TREE / "recovery/man/daruma.8").read_text().replace("\\", "")
    found = re.findall(r"--tpm2-device=auto --tpm2-pcrs=([0-9+]+) /dev/(root|secrets)", text)
    return {device: pcrs for pcrs, device in found}


def modules(guest):
    return set(guest.check("cut -d ' ' -f 1 /proc/modules").split())


def make(guest, tier, pcrs):
    """A volume that a passphrase opens, as a recovery key would, and the TPM."""
    image = f"/root/{tier}.img"
    guest.check(f"truncate -s 32M {image} && printf x >/root/key && cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 "
                f"--pbkdf-force-iterations 1000 --key-file /root/key {image}", timeout=300)
    guest.check(f"PASSWORD=x systemd-cryptenroll --tpm2-device=auto --tpm2-pcrs={pcrs} {image}", timeout=300)


def opens(guest, tier):
    attached = guest.run(f"{CRYPTSETUP} attach {tier} /root/{tier}.img none tpm2-device=auto,headless", timeout=300)
    there = guest.run(f"test -e /dev/mapper/{tier}").status == 0
    assert there == (attached.status == 0), attached
    if there:
        guest.check(f"{CRYPTSETUP} detach {tier}", timeout=120)
    return there


def expect(guest, rung, second):
    assert guest.note().rung == rung, guest.note()
    assert opens(guest, FIRST), "the first tier opens in every rung"
    assert opens(guest, SECOND) == second, f"the second tier in a {rung} start"


def run(vm):
    tiers = recipe()
    assert tiers == {"root": "7", "secrets": "5+7"}, tiers
    guest = vm.watched(Product(), {"repair__automatic": False}, hardware={"tpm": True})
    for package in packages(NAMES):
        guest.disk.write(f"{PLACE}/{package.name}", package.read_bytes())
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    guest.check(f"dpkg --force-depends --force-unsafe-io -i {PLACE}/*.deb && ldconfig", timeout=600)
    before = modules(guest)
    make(guest, FIRST, tiers["root"])
    make(guest, SECOND, tiers["secrets"])
    expect(guest, "normal", second=True)
    # A machine with an encrypted root has these from its initramfs; the safe profile lets none in once it is up.
    guest.write("/etc/modules-load.d/two-tiers.conf", "\n".join([*(modules(guest) - before), ""]).encode())

    guest.check("daruma -y set-oneshot safe && sync")
    guest.reboot(until="daruma-safe.target")
    expect(guest, "safe", second=False)

    # Left in order, a safe start is followed by a trial. Once that is good, starts are normal again.
    guest.reboot(until="multi-user.target")
    expect(guest, "trial", second=False)
    guest.wait_until(GOOD, 400)
    guest.reboot(until="multi-user.target")
    expect(guest, "normal", second=True)

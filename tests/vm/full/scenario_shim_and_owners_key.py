"""A Debian with Secure Boot, the keys of Microsoft and its own shim: the stage, signed with the owner's key, is installed behind
shim once that knows the key and not before, and starts go through it from then on (R31, R50, R53)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import boots
from vm.load_option import titles_in_order
from vm.paths import stage
from vm.prepared import GOOD, POLICY_PATH, policy
from vm.signing import Key

TIME_LIMIT = 1800
INSTALL = r"daruma install '--shim=\EFI\debian\shimx64.efi'"
SECURE = "od -An -tu1 /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
PROGRAM = "/usr/lib/daruma/darumax64.efi"


def expect_refusal(guest, reason):
    """Nothing is on the ESP then, and the boot order is as it was."""
    found = guest.run(INSTALL, timeout=600)
    assert found.status == 77 and reason in found.stderr, found
    guest.check("! test -e /boot/efi/EFI/daruma")
    assert "Daruma" not in titles_in_order(guest.flash), titles_in_order(guest.flash)


def run(vm):
    owner = Key.made(vm.folder, "owner")
    disk = vm.disk()
    disk.install_daruma()
    disk.write(POLICY_PATH, policy())
    guest = vm.guest(disk, secure_boot="ms")
    guest.boot(until="multi-user.target")
    assert guest.check(SECURE).split()[-1] == "1"
    expect_refusal(guest, "it is not signed")
    guest.write(PROGRAM, owner.sign(stage(vm.architecture)))
    expect_refusal(guest, "shim does not know the certificate of its signature")

    guest.power_off()
    owner.enrol_for_shim(guest.flash)
    guest.boot(until="multi-user.target")
    guest.check(INSTALL, timeout=600)
    assert titles_in_order(guest.flash)[0] == "Daruma", titles_in_order(guest.flash)
    guest.reboot(until="multi-user.target")
    assert boots(guest)[-1].entry == "Daruma", boots(guest)[-1].entry
    guest.wait_until(GOOD, 400)
    note = guest.note()
    assert (note.rung, note.troubles) == ("normal", ()), note
    assert "shim knows that of the stage" in guest.check("daruma check | grep ^signature")

    # GRUB's own entry comes first again, and ours comes back, through shim.
    guest.check("grub-install --target=x86_64-efi --no-floppy && daruma keep-first && sync", timeout=600)
    assert titles_in_order(guest.flash)[0] == "Daruma", titles_in_order(guest.flash)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    assert guest.note().rung == "normal", guest.note()

"""The stage is signed with a key that only the owner's list of shim knows (MokList): the firmware starts shim, and shim the
stage, which starts shim again for the normal target (R31)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from pathlib import Path

from vm import guid
from vm.formats import Limits
from vm.load_option import add_entry, titles_in_order
from vm.osless import on_esp
from vm.paths import payload, stage
from vm.signing import Key

TIME_LIMIT = 900
SHIM = Path("/usr/lib/shim/shimx64.efi")
SAFE_PATH = r"\EFI\daruma\safe.efi"
SECOND = r"\EFI\debian\grubx64.efi"  # what shim starts where it is told nothing


def make_guest(vm, *, enrolled, **targets):
    """Shim and what it starts by itself are signed for the firmware, and the stage for shim alone."""
    key, owner = Key.trusted(vm.folder), Key.made(vm.folder, "owner")
    guest = vm.osless(secure_boot="snakeoil", tpm=True)
    guest.write_limits(Limits(**{"normal": (guest.loader_path, ""), **targets}))
    guest.esp.write(on_esp(guest.loader_path), key.sign_others(SHIM))
    guest.esp.write(on_esp(SECOND), key.sign(payload(vm.architecture)))
    guest.esp.write(on_esp(guest.stage_path), owner.sign(stage(vm.architecture)))
    # As `daruma install --shim` writes it.
    add_entry(guest.flash, 1, "Daruma", guest.partition, guest.loader_path, f"{guest.stage_path} {guest.loader_path}")
    if enrolled:
        owner.enrol_for_shim(guest.flash)
    return guest, owner


def boot(guest):
    found = guest.boot(timeout=240)
    assert found.get("SecureBoot", guid.GLOBAL) == b"\x01", "the firmware does not demand signatures"
    return found


def run_enrolled(vm):
    """Normal starts go through shim twice; what is signed with the owner's key is started by the stage as well, what is
    signed by nobody is not, and without limits the normal target comes from the boot entry (R7, R31)."""
    guest, owner = make_guest(vm, enrolled=True, safe=(SAFE_PATH, ""))
    signed = owner.sign(payload(vm.architecture))
    first = boot(guest)
    assert (first.note.rung, first.note.troubles) == ("normal", ()), first.note
    first.answer("good", request="safe")
    guest.power_cut()
    guest.esp.write(on_esp(SAFE_PATH), signed)
    safe = boot(guest)
    assert (safe.note.rung, safe.note.troubles) == ("safe", ()), safe.note
    safe.answer("clean", request="safe")
    guest.power_cut()
    guest.esp.write(on_esp(SAFE_PATH), payload(vm.architecture).read_bytes())
    safe = boot(guest)
    assert (safe.note.rung, safe.note.troubles) == ("safe", ("target-replaced", "target-refused")), safe.note
    safe.answer("clean", request="normal")
    guest.power_cut()
    for name in "limits.bin", "limits.bak":
        guest.esp.write(f"EFI/daruma/{name}", b"no limits")
    without = boot(guest)
    assert (without.note.rung, without.note.limits_state) == ("normal", "damaged"), without.note
    assert guest.machine.console.count(r'BdsDxe: starting Boot\w+ "debian"') == 0


def run_removal(vm):
    """The stage forgets the machine, and its boot entry goes although that names shim (R56)."""
    guest, _ = make_guest(vm, enrolled=True)
    boot(guest).answer("good", request="forget")
    guest.power_cut()
    last = boot(guest)
    assert last.note.reason == "removed", last.note
    guest.power_cut()
    assert "Daruma" not in titles_in_order(guest.flash), titles_in_order(guest.flash)
    assert boot(guest).note is None


def run_not_enrolled(vm):
    """Shim does not know the key: it starts no stage, and waits for a person, which is why `daruma install` looks before.
    With a key pressed the machine comes up by its next entry (R31)."""
    guest, _ = make_guest(vm, enrolled=False)
    guest.machine.start()
    console = guest.machine.console
    console.wait_for(r"Verification failed", 240)
    console.send("\r")
    found = boot(guest)
    assert found.note is None, found.note
    assert console.count(r'BdsDxe: starting Boot\w+ "debian"') == 1

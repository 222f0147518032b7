"""With Secure Boot on, what is not signed by a trusted key is never started, and the machine comes up all the same (R31)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm import guid
from vm.formats import Limits
from vm.osless import on_esp
from vm.paths import payload, stage
from vm.signing import Key

TIME_LIMIT = 900  # firmware with system management mode is slow to emulate
SAFE_PATH = r"\EFI\daruma\good\safe.efi"
OTHER_PATH = r"\EFI\other\loader.efi"


def make_guest(vm, key, **targets):
    """Stage and loader signed; the firmware starts the loader by itself where the stage gives up."""
    guest = vm.osless(secure_boot="snakeoil", tpm=True)
    guest.write_limits(Limits(**{"normal": (guest.loader_path, ""), **targets}))
    guest.esp.write(on_esp(guest.stage_path), key.sign(stage(vm.architecture)))
    guest.esp.write(on_esp(guest.loader_path), key.sign(payload(vm.architecture)))
    return guest


def boot(guest):
    found = guest.boot(timeout=240)
    assert found.get("SecureBoot", guid.GLOBAL) == b"\x01", "the firmware does not demand signatures"
    return found


def altered(data):
    """One bit of a constant: the file is well signed but for that."""
    at = data.index(b"SBAT Version")
    return data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :]


def run_signed_target(vm):
    """A signed stage starts a signed target, normal and safe, and has nothing to say of it (R31)."""
    key = Key.trusted(vm.folder)
    guest = make_guest(vm, key, safe=(SAFE_PATH, ""))
    guest.esp.write(on_esp(SAFE_PATH), key.sign(payload(vm.architecture)))
    first = boot(guest)
    assert first.note.rung == "normal" and first.note.troubles == (), first.note
    first.answer("good", request="safe")
    first.reset()
    safe = boot(guest)
    assert (safe.note.rung, safe.note.reason, safe.note.troubles) == ("safe", "requested", ()), safe.note


def run_refused_safe_target(vm):
    """A safe target that is unsigned, signed by a stranger, or altered makes way for the normal one (R31)."""
    key = Key.trusted(vm.folder)
    signed = key.sign(payload(vm.architecture))
    programs = {
        "unsigned": payload(vm.architecture).read_bytes(),
        "of a stranger": Key.made(vm.folder, "stranger").sign(payload(vm.architecture)),
        "altered": altered(signed),
    }
    guest = make_guest(vm, key, safe=(SAFE_PATH, ""))
    boot(guest).answer("good", request="safe")
    guest.power_cut()
    for name, program in programs.items():
        guest.esp.write(on_esp(SAFE_PATH), program)
        safe = boot(guest)
        assert safe.note.rung == "safe", (name, safe.note)
        assert safe.note.troubles == ("target-replaced", "target-refused"), (name, safe.note)
        guest.machine.console.wait_for(r"Daruma: safe profile, .*, normal target", 10)
        safe.answer("clean", request="safe")
        guest.power_cut()


def run_refused_normal_target(vm):
    """Where no target is left the firmware starts its next entry, which finds the reason in the note (R31)."""
    guest = make_guest(vm, Key.trusted(vm.folder), normal=(OTHER_PATH, ""))
    guest.esp.write(on_esp(OTHER_PATH), payload(vm.architecture).read_bytes())
    found = boot(guest)
    assert found.note.rung == "normal" and found.note.troubles == ("target-refused",), found.note
    assert guest.machine.console.count(r"Daruma: no target to start \(refused: not signed by a trusted key\)") == 1
    assert guest.machine.console.count(r'BdsDxe: starting Boot\w+ "debian"') == 1


def run_unsigned_stage(vm):
    """An unsigned stage is not started, and the machine comes up without it, by the next entry (R31)."""
    guest = make_guest(vm, Key.trusted(vm.folder))
    guest.esp.write(on_esp(guest.stage_path), stage(vm.architecture).read_bytes())
    found = boot(guest)
    assert found.note is None, found.note
    console = guest.machine.console
    assert console.count(r'BdsDxe: failed to load Boot\w+ "Daruma".*Access Denied') == 1, console.text
    assert console.count(r'BdsDxe: starting Boot\w+ "Daruma"') == 0
    assert console.count(r'BdsDxe: starting Boot\w+ "debian"') == 1

"""A quote of the TPM tells normal, held, safe by itself and safe on request apart (R35); without a TPM the note says so (R58).

The verifier replays the firmware's log and has the TPM sign, for a nonce, that the register holds what the log tells.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import hashlib
import os

from vm.verifier import TpmError, check_quote, replay, reset_register

PCR = 5
LIMITS, RUNG = 0x69E38CB9, 0x5A88460D  # tags, see efi/measure.h


def quoted(boot):
    """The register's value and the texts of our events in the log, both vouched for by the TPM."""
    events = boot.events()
    value = replay(events, PCR)
    check_quote(boot.tpm, PCR, value, os.urandom(20))
    ours = [event for event in events if event.tag in (LIMITS, RUNG)]
    assert all(event.pcr == PCR for event in ours), ours
    for event in ours:
        if event.tag == LIMITS:
            hashed = boot.guest.esp.read("EFI/daruma/limits.bin")
        else:
            hashed = event.text.encode()
        assert event.digest == hashlib.sha256(hashed).digest(), event
    return value, [event.text for event in ours]


def texts(rung, how):
    return ["daruma.limits.v1", f"daruma.rung.v1 {rung} {how}"]


def panic(boot, seconds):
    boot.clear_crash_dumps()
    boot.crash_dump(seconds=1_800_000_000 + seconds)
    boot.reset()


def normal(guest):
    boot = guest.boot()
    assert boot.note.rung == "normal", boot.note
    return boot


def run(vm):
    guest = vm.osless(tpm=True)
    boot = normal(guest)
    ordinary, ours = quoted(boot)
    assert ours == [] and boot.note.troubles == (), (ours, boot.note)
    boot.answer("clean", request="safe")
    boot.reset()
    boot = guest.boot()
    requested, ours = quoted(boot)
    assert ours == texts("safe", "requested") and boot.note.troubles == (), (ours, boot.note)
    boot.answer("clean")
    boot.reset()
    boot = guest.boot()
    trial, ours = quoted(boot)
    assert ours == texts("trial", "automatic"), ours
    boot.answer("good")
    boot.reset()

    boot = normal(guest)
    assert quoted(boot) == (ordinary, []), "a normal start after a safe one differs from other normal starts"
    panic(boot, 60)
    panic(normal(guest), 120)
    boot = guest.boot()
    held, ours = quoted(boot)
    assert ours == texts("held", "automatic"), ours
    panic(boot, 180)
    boot = guest.boot()
    automatic, ours = quoted(boot)
    assert boot.note.reason == "crashes-safe" and ours == texts("safe", "automatic"), (ours, boot.note)
    assert len({ordinary, requested, trial, held, automatic}) == 5

    try:
        reset_register(boot.tpm, PCR)
        raise AssertionError("the register can be reset without a restart")
    except TpmError as error:
        assert error.code & 0xFF == 0x07, error  # TPM_RC_LOCALITY
    assert quoted(boot) == (automatic, ours)


def run_without_tpm(vm):
    guest = vm.osless()
    boot = normal(guest)
    assert boot.note.troubles == (), boot.note
    boot.answer("clean", request="safe")
    boot.reset()
    boot = guest.boot()
    assert boot.note.rung == "safe" and boot.note.troubles == ("not-measured",), boot.note

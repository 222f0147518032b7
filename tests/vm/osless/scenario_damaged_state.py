"""Record, answer and limits with flipped bits: normal boot, and the reason in the note (R7)."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :]


def flip(guest, kind, at):
    data = guest.flash.read(guest.name(kind)).data
    guest.flash.corrupt(guest.name(kind), at, bytes([data[at] ^ 0x40]))


def run(vm):
    guest = vm.osless()
    for _ in range(2):
        guest.boot().answer("good")
        guest.power_cut()

    flip(guest, "Record", 50)
    boot = guest.boot()
    assert (boot.note.rung, boot.note.reason) == ("normal", "record-damaged"), boot.note
    assert not boot.note.armed, boot.note
    boot.answer("good")
    guest.power_cut()

    flip(guest, "Answer", 30)
    boot = guest.boot()
    assert boot.note.rung == "normal" and "answer-read" in boot.note.troubles, boot.note
    assert boot.note.answer_state == "damaged", boot.note
    boot.answer("good")
    guest.power_cut()

    limits = guest.esp.read("EFI/daruma/limits.bin")
    guest.esp.write("EFI/daruma/limits.bin", flipped(limits, 24))
    boot = guest.boot()
    assert boot.note.rung == "normal" and "limits-first" in boot.note.troubles, boot.note
    guest.power_cut()
    guest.esp.write("EFI/daruma/limits.bak", limits[:100])
    boot = guest.boot()
    assert boot.note.rung == "normal" and "limits-builtin" in boot.note.troubles, boot.note

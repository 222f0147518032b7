"""Six good boots whose answer the firmware refuses to store: the products stay on, and the note says so (R38, R58)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.flash import NV_BS, NV_BS_RT
from vm.osless import PayloadError

REFUSED = (2, 8)  # EFI_INVALID_PARAMETER, EFI_WRITE_PROTECTED


def replace(boot, data, before, after):
    """Another variable in the place of the answer. Its attributes say who may write it later."""
    name = boot.guest.name("Answer")
    boot.set(name, b"", attributes=before)
    if data:
        boot.set(name, data, attributes=after)


def refused(boot):
    """The status with which the firmware refuses the good answer of an operating system; 0 where it takes it."""
    boot.enter_run_time()
    try:
        boot.answer("good")
    except PayloadError as error:
        return error.status
    return 0


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for unanswered in range(7):
        boot = guest.boot()
        assert boot.note.rung == "normal", boot.note
        assert boot.note.counters.unexplained == unanswered, boot.note
        assert ("answer-read" in boot.note.troubles) == (unanswered > 0), boot.note
        if unanswered == 0:
            # A variable that is not for run time may not be written then (UEFI 2.10, 8.2).
            replace(boot, boot.get(guest.name("Answer")), NV_BS_RT, NV_BS)
        assert refused(boot) in REFUSED
        boot.reset()
    # The firmware lets it be written again: the next good answer counts.
    boot = guest.boot()
    assert boot.note.rung == "normal" and boot.note.counters.unexplained == 7, boot.note
    replace(boot, b"", NV_BS, NV_BS_RT)
    assert refused(boot) == 0
    boot.reset()
    boot = guest.boot()
    assert boot.note.last_ending == "good" and boot.note.counters.failures == 0, boot.note

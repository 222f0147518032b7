"""Four starts that end in the loader's menu, by its exit and by a power cut: never safe (R38)."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for left in range(4):
        boot = guest.boot()
        assert boot.note.rung == "normal", boot.note
        assert boot.note.counters.unexplained == left, boot.note
        guest.machine.console.skip()
        boot.leave(status=21)  # EFI_ABORTED: the loader gives up, the firmware goes on by itself
        guest.machine.console.wait_for(r'BdsDxe: starting Boot\w+ "debian"', 60)
        # The next entry, past the stage, in the same start of the machine.
        guest.boot()
        guest.power_cut()
    boot = guest.boot()
    assert boot.note.rung == "normal" and boot.note.counters.unexplained == 4, boot.note

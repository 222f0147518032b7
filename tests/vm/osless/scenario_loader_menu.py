"""Four starts that end in the loader's menu, by its exit and by a power cut: never safe (R38)."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for _ in range(4):
        boot = guest.boot()
        assert boot.note.rung == "normal", boot.note
        boot.leave(status=21)  # EFI_ABORTED: the loader gives up, the firmware goes on by itself
        guest.power_cut()
    assert guest.boot().note.rung == "normal"

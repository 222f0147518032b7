"""Ten power cuts with nothing changed: never safe (R38)."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for cut in range(10):
        boot = guest.boot()
        assert boot.note.rung == "normal", boot.note
        assert boot.note.counters.unexplained == cut, boot.note
        guest.power_cut()

"""Six good boots whose answer could not be written: the products stay on (R38, R58)."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for unanswered in range(7):
        boot = guest.boot()
        assert boot.note.rung == "normal", boot.note
        assert boot.note.counters.unexplained == unanswered, boot.note
        boot.reset()

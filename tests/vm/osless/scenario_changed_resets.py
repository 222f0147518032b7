"""Four power cuts after the watch set changed select safe: the amended R38."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    rungs = []
    for _ in range(5):
        boot = guest.boot()
        rungs.append(boot.note.rung)
        boot.answer("none", changed=True, previous="unexplained")
        guest.power_cut()
    assert rungs == ["normal", "normal", "normal", "normal", "safe"], rungs

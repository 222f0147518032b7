"""Ten SysRq and ten NMI panics, told apart by the OS in the start after: never safe (R4, R38)."""
# SPDX-License-Identifier: LGPL-2.1-or-later


def run(vm):
    guest = vm.osless()
    guest.boot().answer("good")
    guest.power_cut()
    for panic in range(20):
        boot = guest.boot()
        assert boot.note.rung == "normal", boot.note
        assert boot.note.counters.panic <= 1, boot.note
        boot.clear_crash_dumps()
        if panic:
            boot.answer("none", previous="operator", changed=True)
        boot.crash_dump(seconds=1_800_000_000 + 60 * panic)
        boot.reset()
    assert guest.boot().note.rung == "normal"

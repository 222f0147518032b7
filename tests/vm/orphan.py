"""Processes that end when this one ends, however it ends."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import ctypes
import signal

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    """For preexec_fn: the kernel kills the new process when its parent's thread ends (prctl(2))."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

"""Processes that cannot outlive the one that started them. No Django here: the supervisor uses it too."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(signum: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process ``signum`` when its parent ends, however it ends (Linux). To be called in the child."""
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0)
    if os.getppid() != parent:  # the parent ended before the kernel knew
        os.kill(os.getpid(), signum)


def child_setup(signum: int = signal.SIGTERM):
    """For ``subprocess.Popen(preexec_fn=child_setup())``: no blocked signals, ended together with the parent."""
    # What is looked up here is not looked up between fork and exec, where little is allowed.
    prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform.startswith("linux") else None
    parent = os.getpid()

    def setup() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return setup

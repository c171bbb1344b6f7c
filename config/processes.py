"""The processes of `manage.py run`: started together, ended together, whatever ends them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

STOP_SECONDS = 8
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


class Processes:
    """A few named child processes, each leading a process group of its own."""

    def __init__(self):
        self._running: dict[str, subprocess.Popen] = {}

    def start(self, name: str, *arguments, pass_fds=()) -> None:
        """Start a Python module as a child that does not outlive this process."""
        parent = os.getpid()

        def die_with_parent():
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it was gone before the kernel knew
                os._exit(1)

        self._running[name] = subprocess.Popen(
            [sys.executable, "-m", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            pass_fds=pass_fds,
            start_new_session=True,  # Ctrl-C reaches only this process, which ends the others in order
            preexec_fn=die_with_parent,
        )

    def ended(self) -> str | None:
        """The name of a child that has ended, if one has: none of them should while we run."""
        return next((name for name, process in self._running.items() if process.poll() is not None), None)

    def stop(self) -> None:
        """Ask all to end, give them some seconds, and leave nothing of them behind."""
        for process in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
        for process in self._running.values():
            with contextlib.suppress(ProcessLookupError):  # the usual case: the whole group has ended
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

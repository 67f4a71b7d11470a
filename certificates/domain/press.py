"""The press: one child process that turns HTML into PDF. A document that eats time or memory kills the press, never the worker.

The child has no database, no settings and no keys; it reads length-prefixed HTML from its input and ends when the worker ends.
"""

from __future__ import annotations

import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30
MEMORY = 1_500_000_000
_HEAD = struct.Struct(">BI")
_OK, _FAILED = 0, 1


class PressFailed(Exception):
    """No document came out: the reason, or that the press ran out of time or memory."""


class Press:
    """``Press().print_pdf(html)``; the child starts with the first document and is kept (its fonts are loaded once)."""

    def __init__(self, *, seconds: float = SECONDS):
        self.seconds, self._lock = seconds, threading.Lock()
        self._child: subprocess.Popen | None = None
        self._owner = 0

    def print_pdf(self, html: str) -> bytes:
        with self._lock:
            child = self._running()
            try:
                return self._exchange(child, html.encode())
            except PressFailed:
                raise
            except Exception as error:
                self.stop()
                raise PressFailed(f"the press stopped: {error or type(error).__name__}") from error

    def stop(self) -> None:
        if self._child is not None and self._owner == os.getpid():
            self._child.kill()
            self._child.wait()
            for stream in (self._child.stdin, self._child.stdout):
                if stream is not None:
                    stream.close()
        self._child = None

    def _running(self) -> subprocess.Popen:
        # After a fork the child belongs to the other process.
        if self._child is None or self._owner != os.getpid() or self._child.poll() is not None:
            self._child, self._owner = None, os.getpid()
            kept = {
                name: os.environ[name]
                for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "XDG_CACHE_HOME")
                if name in os.environ
            }
            self._child = subprocess.Popen(
                [sys.executable, "-m", "certificates.domain.press"],
                cwd=ROOT,
                env=kept,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
            )
        return self._child

    def _exchange(self, child: subprocess.Popen, body: bytes) -> bytes:
        ends = time.monotonic() + self.seconds
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(_HEAD.pack(_OK, len(body)) + body)
        state, length = _HEAD.unpack(self._read(child.stdout, _HEAD.size, ends))
        answer = self._read(child.stdout, length, ends)
        if state != _OK:
            raise PressFailed(answer.decode(errors="replace"))
        return answer

    def _read(self, stream: IO[bytes], length: int, ends: float) -> bytes:
        parts, left = [], length
        while left:
            ready, _w, _x = select.select([stream], [], [], max(ends - time.monotonic(), 0))
            if not ready:
                raise TimeoutError(f"no document within {self.seconds:g} seconds")
            part = os.read(stream.fileno(), min(left, 1 << 16))
            if not part:
                raise EOFError("it ended without a document")
            parts.append(part)
            left -= len(part)
        return b"".join(parts)


def main() -> None:
    """The child: read, render, answer, until the input ends."""
    from certificates.domain.rendering import render_pdf

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing but answers may go there
    while len(head := source.read(_HEAD.size)) == _HEAD.size:
        body = source.read(_HEAD.unpack(head)[1])
        try:
            state, answer = _OK, render_pdf(body.decode())
        except Exception as error:
            state, answer = _FAILED, f"{type(error).__name__}: {error}".encode()[:2000]
        target.write(_HEAD.pack(state, len(answer)) + answer)
        target.flush()


PRESS = Press()

if __name__ == "__main__":
    main()

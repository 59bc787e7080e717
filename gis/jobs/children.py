"""Child processes of the supervisor: started, logged, restarted with patience, ended."""

import ctypes
import logging
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from gis.config import CHECKOUT

LOG_BYTES = 10_000_000
LOGS_KEPT = 4
LONGEST_PAUSE_S = 30.0
SETTLED_S = 60.0
"""A child that lived this long is not failing at its start: the next pause is short again."""

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _end_with_parent() -> None:
    """Ask Linux to end this child when the supervisor is killed without a chance to say so."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process that should always run, with a log file of bounded size."""

    def __init__(
        self, name: str, command: Sequence[str], log_file: Path, env: Mapping[str, str]
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log_file = log_file
        self.env = dict(env)
        self.early_ends = 0
        """How often in a row it ended soon after its start."""
        self.last_words: deque[str] = deque(maxlen=12)
        self._process: subprocess.Popen[str] | None = None
        self._started_at = 0.0
        self._start_after = 0.0
        self._log = logging.Logger(f"wanmi.{name}")  # not in the registry: goes nowhere else
        self._file = RotatingFileHandler(
            log_file, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", delay=True
        )
        self._file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._log.addHandler(self._file)
        self._reader: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the process; Ctrl-C in the terminal reaches only the supervisor."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  our own command
            self.command,
            cwd=CHECKOUT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  one system call, no lock is taken
        )
        self._reader = threading.Thread(
            target=self._read, args=(self._process.stdout,), daemon=True
        )
        self._reader.start()

    def _read(self, lines: TextIO) -> None:
        with lines:
            for line in lines:
                self._log.info("%s", line.rstrip())
                self.last_words.append(line.rstrip())

    def tend(self, say: Callable[[str], None]) -> None:
        """Restart the process if it has ended; the pause doubles while it ends at once."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_after:
                self.start()
            return
        code = self._process.poll()
        if code is None:
            return
        settled = now - self._started_at >= SETTLED_S
        self.early_ends = 0 if settled else self.early_ends + 1
        pause = min(LONGEST_PAUSE_S, 0.5 * 2**self.early_ends)
        say(f"the {self.name} process ended ({code}); again in {pause:.0f} s; see {self.log_file}")
        self._process, self._start_after = None, now + pause

    def ask_to_end(self) -> None:
        """Send SIGTERM to the process and whatever it started."""
        self._signal(signal.SIGTERM)

    def end(self, patience_s: float) -> None:
        """Wait until it has ended, killing it after `patience_s`; then close its log."""
        if self._process is not None:
            try:
                self._process.wait(patience_s)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self._process.wait()
        if self._reader is not None:
            self._reader.join(1.0)
        self._file.close()

    def _signal(self, number: signal.Signals) -> None:
        if self.pid is not None:
            os.killpg(self.pid, number)  # it leads its own session and group

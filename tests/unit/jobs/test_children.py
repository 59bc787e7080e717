"""Child processes of the supervisor."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gis.config import CHECKOUT
from gis.jobs.children import Child


def _until(true: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def _child(tmp_path: Path, code: str) -> Child:
    return Child("toy", [sys.executable, "-c", code], tmp_path / "toy.log", os.environ)


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_what_a_child_says_is_in_its_log(tmp_path: Path) -> None:
    child = _child(tmp_path, "print('立案', flush=True); import time; time.sleep(60)")
    child.start()
    _until(lambda: child.last_words)
    assert child.last_words[0] == "立案"
    assert (tmp_path / "toy.log").read_text().endswith("立案\n")
    child.ask_to_end()
    child.end(5)
    assert child.pid is None


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    child = _child(tmp_path, "import time; time.sleep(60)")
    child.start()
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    said: list[str] = []

    def tended() -> bool:
        child.tend(said.append)
        return child.pid not in {None, first}

    _until(tended)
    assert len(said) == 1
    assert "the toy process ended (-9)" in said[0]
    child.ask_to_end()
    child.end(5)


def test_the_pause_doubles_while_a_child_ends_at_once(tmp_path: Path) -> None:
    child = _child(tmp_path, "raise SystemExit(3)")
    child.start()
    said: list[str] = []

    def failed_twice() -> bool:
        child.tend(said.append)
        return child.early_ends == 2

    _until(failed_twice)
    child.end(5)
    assert [sentence.split(";")[1] for sentence in said] == [" again in 1 s", " again in 2 s"]


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    child = _child(
        tmp_path,
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(60)",
    )
    child.start()
    _until(lambda: child.last_words)
    pid = child.pid
    assert pid is not None
    child.ask_to_end()
    child.end(0.3)
    assert _gone(pid)


def test_children_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from gis.jobs.children import Child\n"
        "child = Child('toy', [sys.executable, '-c', 'import time; time.sleep(60)'],"
        " Path(sys.argv[1]), os.environ)\n"
        "child.start(); print(child.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "toy.log")],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        assert not _gone(pid)
        supervisor.kill()
    _until(lambda: _gone(pid))

"""The scripts in a checkout that is set up: silent, quick, and found from anywhere."""

import json
import os
import subprocess
import time
from pathlib import Path

from gis.config import CHECKOUT


def _run(
    script: str, *words: str, cwd: Path = CHECKOUT, **env: str
) -> subprocess.CompletedProcess[str]:
    command = [str(CHECKOUT / "script" / script), *words]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


def test_a_finished_set_up_says_nothing_and_costs_nothing() -> None:
    _run("setup")
    started = time.monotonic()
    done = _run("setup")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - started < 2  # 0.05 s on a quiet machine


def test_the_output_of_a_command_is_only_its_own(tmp_path: Path) -> None:
    done = _run("gis", "cluster", "status", "--json", WANMI_HOME=str(tmp_path / "home"))
    assert json.loads(done.stdout)["state"] == "absent"
    assert done.returncode == 1


def test_a_relative_folder_means_the_folder_one_stands_in(tmp_path: Path) -> None:
    (tmp_path / "gis").mkdir()
    (tmp_path / "gis" / "__init__.py").write_text("raise ImportError('not this one')")
    done = _run("gis", "cluster", "status", "--json", cwd=tmp_path, WANMI_HOME="home")
    assert json.loads(done.stdout)["data"] == str(tmp_path / "home" / "pg" / "data")


def test_an_unknown_argument_of_set_up_is_named() -> None:
    done = _run("setup", "--everything")
    assert done.returncode == 1
    assert "--everything" in done.stderr


def test_every_script_is_strict_and_says_what_it_does() -> None:
    for file in (*(CHECKOUT / "script").iterdir(), CHECKOUT / ".ci" / "run"):
        lines = file.read_text().splitlines()
        assert lines[0] == "#!/usr/bin/env bash", file
        assert lines[1].startswith("# "), file
        assert "set -euo pipefail" in lines, file
        assert os.access(file, os.X_OK), file

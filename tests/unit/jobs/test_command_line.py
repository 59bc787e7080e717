"""The command line without a database."""

import importlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gis.__main__ import COMMANDS, main
from gis.config import CHECKOUT


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WANMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WANMI_LANG", "en")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_in_the_table_exists_and_explains_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hasattr(importlib.import_module(COMMANDS[name].module), "register")
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"script/gis {name}" in capsys.readouterr().out


def test_help_lists_every_command_without_importing_their_libraries() -> None:
    code = (
        "import sys; from gis.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*{'sqlalchemy', 'streamlit', 'geopandas', 'alembic'} & set(sys.modules))"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    *help_lines, heavy = done.stdout.split("\n")[:-1]
    assert heavy == ""
    assert all(any(line.strip().startswith(name) for line in help_lines) for name in COMMANDS)
    assert time.monotonic() - started < 2


@pytest.mark.usefixtures("quiet")
def test_an_error_is_one_sentence_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cluster", "destroy"]) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith("wanmi: This removes every case")


@pytest.mark.usefixtures("quiet")
def test_an_error_speaks_the_language_of_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WANMI_LANG")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert main(["cluster", "destroy"]) == 1
    assert "--yes" in (said := capsys.readouterr().err)
    assert "全部案卷" in said


@pytest.mark.usefixtures("quiet")
def test_the_status_of_no_cluster_is_absent_and_exit_code_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["cluster", "status", "--json"]) == 1
    assert '"state": "absent"' in capsys.readouterr().out


@pytest.mark.usefixtures("quiet")
def test_a_setting_that_is_no_number_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANMI_PORT", "eighty")
    assert main(["cluster", "status"]) == 1
    assert "WANMI_PORT" in capsys.readouterr().err

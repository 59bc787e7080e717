"""Stored files are compared with their names and removed when nobody needs them, kills included."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gis.config import CHECKOUT
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.files import checking, store
from gis.files.checking import bad_files, due_files, look_at, tally, unattached
from gis.files.commands import store_document
from gis.files.documents import read_document
from gis.jobs import file_keeping
from gis.jobs.file_keeping import check_files, remove_unattached_files
from tests import factories as make
from tests.documents import MP3

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
OLD = NOW - timedelta(days=20)
SENDER = 41


@pytest.fixture
def home(module_database: ClusterUrls) -> Iterator[Engine]:
    """A database of this module, emptied after each test."""
    engine = make_engine(module_database.app_url, pool_size=3)
    yield engine
    engine.dispose()
    owner = make_engine(module_database.owner_url, pool_size=1)
    with owner.begin() as conn:
        make.empty_out(conn)
    owner.dispose()


def keep(engine: Engine, root: Path, n: int = 0, *, at: datetime = OLD) -> str:
    document = read_document(MP3 + str(n).encode())
    with transaction(engine) as conn:
        return store_document(conn, document=document, uploaded_by=SENDER, now=at, root=root)


def attach(engine: Engine, sha256: str) -> None:
    with transaction(engine) as conn:
        make.make_cell(conn)
        case = make.make_case(conn)
        conn.execute(
            text(
                "INSERT INTO attachment (case_id, event_seq, purpose, sha256, position)"
                " VALUES (:c, 1, 'file', :s, 1)"
            ),
            {"c": case, "s": sha256},
        )


def rows(engine: Engine) -> set[str]:
    with transaction(engine) as conn:
        return set(conn.scalars(text("SELECT sha256 FROM stored_file")))


# ------------------------------------------------------------------ the check


def test_missing_and_altered_files_are_found_and_a_restored_one_is_whole_again(
    home: Engine, tmp_path: Path
) -> None:
    whole, gone, changed = (keep(home, tmp_path, n) for n in range(3))
    held = store.path_of(tmp_path, gone).read_bytes()
    store.path_of(tmp_path, gone).unlink()
    path = store.path_of(tmp_path, changed)
    path.write_bytes(path.read_bytes()[:-1] + b"X")
    found = check_files(home, tmp_path, now=NOW, before=NOW)
    assert found == {"whole": 1, "missing": 1, "altered": 1}
    with transaction(home) as conn:
        assert {(one.sha256, one.state) for one in bad_files(conn)} == {
            (gone, "missing"), (changed, "altered"),
        }  # fmt: skip
        assert tally(conn).files == 3
    later = NOW + timedelta(days=1)
    store.put(tmp_path, held)
    check_files(home, tmp_path, now=later, before=later)
    with transaction(home) as conn:
        (one,) = bad_files(conn)
    assert (one.sha256, one.since, one.checked_at) == (changed, NOW, later)
    assert look_at(tmp_path, whole) == "whole"


def test_a_file_looked_at_lately_waits_for_its_turn(home: Engine, tmp_path: Path) -> None:
    keep(home, tmp_path)
    check_files(home, tmp_path, now=NOW, before=NOW)
    assert check_files(home, tmp_path, now=NOW, before=NOW - timedelta(days=30)) == {}
    with transaction(home) as conn:
        assert len(due_files(conn, before=NOW + timedelta(days=1))) == 1


def test_a_check_that_is_killed_goes_on_with_the_next_batch(
    home: Engine, module_database: ClusterUrls, tmp_path: Path
) -> None:
    for n in range(450):
        keep(home, tmp_path / store.FOLDER, n)
    slow = (
        "import os, sys\nfrom gis.files import checking\nfrom gis.jobs import file_keeping\n"
        "seen = []\nlook = checking.look_at\n"
        "def slowly(root, sha256):\n    seen.append(sha256)\n"
        "    if len(seen) == 250:\n        os.kill(os.getpid(), 9)\n    return look(root, sha256)\n"
        "file_keeping.look_at = slowly\n"
        "from gis.__main__ import main\nsys.exit(main(['files', 'check', '--json']))\n"
    )
    env = {**os.environ, "DATABASE_URL": module_database.app_url, "WANMI_HOME": str(tmp_path)}
    killed = subprocess.run(
        [sys.executable, "-c", slow], cwd=CHECKOUT, env=env, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-500:]
    with transaction(home) as conn:
        assert tally(conn).checked == 200, "the whole batch before it, nothing of the next"
    done = subprocess.run(
        [sys.executable, "-m", "gis", "files", "check"],
        cwd=CHECKOUT, env=env, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert b"450 files, 250 looked at now, 0 missing, 0 altered" in done.stdout


# ------------------------------------------------------------------ what nobody needs


def test_only_what_no_case_has_and_nobody_sent_lately_is_removed(
    home: Engine, tmp_path: Path
) -> None:
    unused, attached = keep(home, tmp_path, 1), keep(home, tmp_path, 2)
    fresh = keep(home, tmp_path, 3, at=NOW - timedelta(days=6))
    again = keep(home, tmp_path, 4)
    keep(home, tmp_path, 4, at=NOW - timedelta(days=1))  # sent again by a phone that waits
    attach(home, attached)
    assert remove_unattached_files(home, tmp_path, now=NOW) == 1
    assert rows(home) == {attached, fresh, again}
    assert look_at(tmp_path, unused) == "missing"
    assert {look_at(tmp_path, one) for one in (attached, fresh, again)} == {"whole"}


def test_a_removal_killed_before_its_commit_is_done_by_the_next_round(
    home: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {keep(home, tmp_path, n) for n in range(3)}
    removed: list[str] = []

    real = store.remove

    def die(root: Path, sha256: str) -> None:
        real(root, sha256)
        removed.append(sha256)
        if len(removed) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "remove", die)
        with pytest.raises(KeyboardInterrupt):
            remove_unattached_files(home, tmp_path, now=NOW)
    assert len(rows(home)) == 2, "one is gone, the one in hand has its row back"
    assert remove_unattached_files(home, tmp_path, now=NOW) == 2
    assert not [p for p in tmp_path.rglob("*") if p.is_file()] and not rows(home) & names


def test_a_file_sent_again_while_it_is_removed_is_stored_anew(
    home: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = keep(home, tmp_path)
    removing, sent = threading.Event(), threading.Event()
    real = checking.store.path_of

    def slowly(root: Path, sha256: str, suffix: str = "") -> Path:
        if threading.current_thread() is not sender and not suffix:
            removing.set()  # the rows are deleted, the commit is still to come
            sent.wait(1)  # the sender cannot be done before it: its insert waits for us
        return real(root, sha256, suffix)

    sender = threading.Thread(
        target=lambda: (removing.wait(30), keep(home, tmp_path, at=NOW), sent.set())
    )
    monkeypatch.setattr(checking.store, "path_of", slowly)
    sender.start()
    remove_unattached_files(home, tmp_path, now=NOW)
    sender.join()
    assert rows(home) == {name}
    assert look_at(tmp_path, name) == "whole"


def test_a_file_attached_at_the_last_moment_stays(home: Engine, tmp_path: Path) -> None:
    name = keep(home, tmp_path)
    before = NOW - timedelta(days=7)
    with transaction(home) as conn:
        assert list(unattached(conn, before=before)) == [name]
    attach(home, name)
    with transaction(home) as conn:
        assert not checking.remove_unattached(conn, name, before=before, root=tmp_path)
    assert rows(home) == {name} and look_at(tmp_path, name) == "whole"


def test_the_jobs_of_the_worker_read_their_settings(home: Engine, tmp_path: Path) -> None:
    keep(home, tmp_path, at=NOW - timedelta(days=10))
    with transaction(home) as conn:
        make.set_setting(conn, "unattached_days", 14)
    assert remove_unattached_files(home, tmp_path, now=NOW) == 0
    assert file_keeping.check_due_files(home, tmp_path, now=NOW) == {"whole": 1}

"""PDFs, videos and voice notes of cases: attached, shown in the history, for those who may."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from gis.accounts.model import Actor
from gis.cases.model import Move, State
from gis.cases.queries import history
from gis.cases.screen import timeline
from gis.errors import Invalid, NotFound
from gis.files.commands import store_document
from gis.files.documents import read_document
from gis.files.queries import readable_file
from tests import documents, photos
from tests import factories as make
from tests.case_life import (
    Cast,
    bring_to,
    case_of,
    fields_for,
    make_cast,
    move,
    report,
    supervisor_of,
)

NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def keep(conn: Connection, data: bytes, who: Actor, root: Path) -> str:
    return store_document(
        conn, document=read_document(data), uploaded_by=who.person_id, now=NOW, root=root
    )


def files_of(conn: Connection, cast: Cast, number: str) -> list[tuple[str, str, int]]:
    case = case_of(conn, cast, number)
    steps = timeline(history(conn, case.id, scope=cast.leader.scope))
    return [file for step in steps for file in step.files]


def test_a_department_asks_for_time_with_a_pdf_that_the_reviewer_reads(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    data = documents.pdf()
    sha = keep(conn, data, cast.handler, tmp_path)
    fields = {"reason": "雨天", "until": "2026-11-27", "files": [sha]}
    move(conn, cast.handler, number, Move.ASK_EXTENSION, **fields)
    assert files_of(conn, cast, number) == [(sha, "application/pdf", len(data))]
    may = {"person_id": cast.leader.person_id, "areas": cast.leader.scope.as_list()}
    assert readable_file(conn, sha, **may).media_type == "application/pdf"
    elsewhere = {"person_id": cast.leader.person_id, "areas": ("110102",)}
    with pytest.raises(NotFound):
        readable_file(conn, sha, **elsewhere)


def test_a_pdf_is_no_photo_in_a_move_or_in_a_report(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    sha = keep(conn, documents.pdf(), cast.handler, tmp_path)
    with pytest.raises(Invalid):
        move(conn, cast.handler, number, Move.REPORT_DONE, text="已清理", photo=[sha])
    sha = keep(conn, documents.MP3, cast.supervisor, tmp_path)
    with pytest.raises(Invalid):
        report(conn, cast.supervisor, photos=(sha,))


def test_a_report_brings_a_voice_note(conn: Connection, cast: Cast, tmp_path: Path) -> None:
    sha = keep(conn, documents.M4A, cast.supervisor, tmp_path)
    number = report(conn, cast.supervisor, files=(sha,))
    assert [file[:2] for file in files_of(conn, cast, number)] == [(sha, "audio/mp4")]


def test_somebody_elses_file_cannot_be_attached(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    sha = keep(conn, documents.pdf(), cast.acceptor, tmp_path)
    fields = {"reason": "雨天", "until": "2026-11-27", "files": [sha]}
    with pytest.raises(Invalid):
        move(conn, cast.handler, number, Move.ASK_EXTENSION, **fields)


def test_a_step_takes_ten_photos_and_files_together(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    pictures = [photos.send(conn, photos.jpeg(shade=n), cast.handler, tmp_path) for n in range(9)]
    notes = [keep(conn, documents.pdf(pages=n), cast.handler, tmp_path) for n in (1, 2)]
    ask = {"text": "已清理", "photo": pictures}
    with pytest.raises(Invalid) as caught:
        move(conn, cast.handler, number, Move.REPORT_DONE, files=notes, **ask)
    assert "11" in caught.value.faults[0].text("en")
    done = move(conn, cast.handler, number, Move.REPORT_DONE, files=notes[:1], **ask)
    assert done.state is State.PENDING_CHECK


def test_rework_brings_its_ten_photos_however_many_the_case_has(
    conn: Connection, cast: Cast
) -> None:
    def ten() -> list[str]:
        return [make.make_file(conn) for _ in range(10)]

    number = report(conn, cast.supervisor, now=NOW, photos=tuple(ten()))
    leading: tuple[tuple[Move, Actor], ...] = (
        (Move.REGISTER, cast.acceptor), (Move.FILE, cast.leader), (Move.DISPATCH, cast.dispatcher),
    )  # fmt: skip
    for what, who in leading:
        move(conn, who, number, what, now=NOW, **fields_for(conn, cast, what, NOW))
    for result in (Move.CHECK_FAILED, Move.CHECK_PASSED):
        move(conn, cast.handler, number, Move.TAKE_UP, now=NOW)
        done = {"text": "已清理", "photo": ten()}
        move(conn, cast.handler, number, Move.REPORT_DONE, now=NOW, **done)
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, now=NOW)
        checker = supervisor_of(conn, cast, number)
        seen = {**fields_for(conn, cast, result, NOW), "photo": ten()}
        case = move(conn, checker, number, result, now=NOW, **seen)
        if result is Move.CHECK_FAILED:
            again = fields_for(conn, cast, Move.DISPATCH, NOW)
            move(conn, cast.dispatcher, number, Move.DISPATCH, now=NOW, **again)
    assert case.state is State.PENDING_CLOSE
    steps = timeline(history(conn, case.id, scope=cast.leader.scope))
    assert [len(step.photos) for step in steps if step.photos] == [10] * 5


def test_the_newest_photo_of_a_list_is_never_a_pdf(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    sha = keep(conn, documents.pdf(), cast.handler, tmp_path)
    picture = make.make_file(conn)
    move(
        conn, cast.handler, number, Move.ASK_RETURN, reason_code="other", reason="x",
        evidence=[picture], files=[sha],
    )  # fmt: skip
    steps = timeline(history(conn, case_of(conn, cast, number).id, scope=cast.leader.scope))
    assert [sha for _, sha in steps[-1].photos] == [picture]

"""Photos in the database: stored once, read by those who may."""

import io
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from sqlalchemy import Connection, text

from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.errors import NotFound
from gis.files import store
from gis.files.commands import store_photo
from gis.files.images import Photo, read_photo
from gis.files.queries import evidence_of, readable_file
from tests.factories import make_case, make_person

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SENDER, OTHER = 41, 42
GRID = "110101001001001"


def photo(shade: int = 90, *, dated: bool = False) -> Photo:
    exif = Image.Exif()
    if dated:
        details = exif.get_ifd(IFD.Exif)
        details[Base.DateTimeOriginal] = "2026:11:22 15:30:00"
        details[Base.OffsetTimeOriginal] = "+08:00"
        exif[IFD.Exif] = details
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 90, 90)).save(out, "JPEG", exif=exif)
    return read_photo(out.getvalue(), zone=UTC)


def keep(conn: Connection, root: Path, made: Photo, by: int | None = SENDER) -> str:
    return store_photo(conn, photo=made, uploaded_by=by, now=NOW, root=root)


def attach(conn: Connection, sha256: str, *, grid_code: str = GRID) -> int | None:
    """A case with the photo, written as rows: its life does not matter here. Its department."""
    department_id = conn.execute(
        text(
            "INSERT INTO department (code, kind, name_zh, name_en)"
            " VALUES (:c, 'department', '环卫', 'Cleansing') RETURNING id"
        ),
        {"c": f"D{sha256[:8]}"},
    ).scalar_one()
    case_id = conn.execute(
        text(
            """
            INSERT INTO cases (number, district_code, street_code, community_code, grid_code, kind,
                               edition, class_code, source, state, open, department_id, reported_at,
                               changed_at, geom)
            VALUES (:n, left(:g, 6), left(:g, 9), left(:g, 12), :g, 'event', '2013', '0101',
                    'supervisor', 'reported', true, :d, :now, :now,
                    ST_SetSRID(ST_MakePoint(116.4, 39.9), 4490))
            RETURNING id
            """
        ),
        {"n": f"n-{sha256[:8]}", "g": grid_code, "d": department_id, "now": NOW},
    ).scalar_one()
    conn.execute(
        text(
            "INSERT INTO attachment (case_id, event_seq, purpose, sha256, position)"
            " VALUES (:c, 1, 'report', :s, 0)"
        ),
        {"c": case_id, "s": sha256},
    )
    return int(department_id)


def test_a_photo_has_one_row_one_file_and_one_thumbnail_however_often_it_is_sent(
    conn: Connection, tmp_path: Path
) -> None:
    first = keep(conn, tmp_path, photo())
    assert keep(conn, tmp_path, photo()) == first
    assert keep(conn, tmp_path, photo(), by=OTHER) == first
    count = conn.execute(text("SELECT count(*) FROM stored_file WHERE sha256 = :s"), {"s": first})
    assert count.scalar() == 1
    senders = conn.execute(
        text("SELECT person_id FROM file_upload WHERE sha256 = :s ORDER BY 1"), {"s": first}
    )
    assert senders.scalars().all() == [SENDER, OTHER]
    names = sorted(p.name for p in tmp_path.rglob("*") if p.is_file())
    assert names == [first, first + store.THUMBNAIL]


def test_what_a_photo_said_is_kept_apart(conn: Connection, tmp_path: Path) -> None:
    dated, plain = keep(conn, tmp_path, photo(10, dated=True)), keep(conn, tmp_path, photo(20))
    known = evidence_of(conn, [dated, plain])
    assert set(known) == {dated}
    assert known[dated].taken_at == datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


def test_the_sender_reads_a_photo_and_a_stranger_learns_nothing(
    conn: Connection, tmp_path: Path
) -> None:
    sha256 = keep(conn, tmp_path, photo())
    found = readable_file(conn, sha256, person_id=SENDER, areas=())
    assert (found.sha256, found.media_type, found.width_px) == (sha256, "image/jpeg", 40)
    with pytest.raises(NotFound):
        readable_file(conn, sha256, person_id=OTHER, areas=("",))  # all areas, but no case has it


def test_whoever_sees_a_case_sees_its_photos(conn: Connection, tmp_path: Path) -> None:
    sha256 = keep(conn, tmp_path, photo())
    attach(conn, sha256)
    for areas in [("",), ("110101",), (GRID,), ("999", "110101001")]:
        assert readable_file(conn, sha256, person_id=OTHER, areas=areas).sha256 == sha256
    for areas in [(), ("110102",), ("110101001001002",)]:
        with pytest.raises(NotFound):
            readable_file(conn, sha256, person_id=OTHER, areas=areas)


@pytest.mark.parametrize("post", ["reporter_id", "supervisor_id"])
def test_who_reported_or_looks_after_a_case_sees_its_photos_wherever_it_is(
    conn: Connection, tmp_path: Path, post: str
) -> None:
    sha256, person_id = keep(conn, tmp_path, photo()), make_person(conn)
    case_id = make_case(conn, **{post: person_id})
    conn.execute(
        text(
            "INSERT INTO attachment (case_id, event_seq, purpose, sha256, position)"
            " VALUES (:c, 1, 'report', :s, 0)"
        ),
        {"c": case_id, "s": sha256},
    )
    assert readable_file(conn, sha256, person_id=person_id, areas=()).sha256 == sha256
    with pytest.raises(NotFound):
        readable_file(conn, sha256, person_id=person_id + 1, areas=())


def test_a_department_sees_the_photos_of_its_own_cases_only(
    conn: Connection, tmp_path: Path
) -> None:
    sha256 = keep(conn, tmp_path, photo())
    own = attach(conn, sha256)
    assert own is not None
    assert readable_file(conn, sha256, person_id=OTHER, areas=("",), department_id=own)
    with pytest.raises(NotFound):
        readable_file(conn, sha256, person_id=OTHER, areas=("",), department_id=own + 1)


def test_two_who_send_the_same_photo_at_the_same_moment_both_succeed(
    fresh_database: ClusterUrls, tmp_path: Path
) -> None:
    engine = make_engine(fresh_database.app_url, pool_size=2)
    made, together, answers = photo(dated=True), threading.Barrier(2), []

    def send(person_id: int) -> None:
        with engine.begin() as own:
            together.wait()
            answers.append(keep(own, tmp_path, made, by=person_id))

    threads = [threading.Thread(target=send, args=(p,)) for p in (SENDER, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as conn:
        rows = conn.execute(text("SELECT count(*) FROM file_exif")).scalar()
    engine.dispose()
    assert answers == [made.sha256, made.sha256]
    assert rows == 1

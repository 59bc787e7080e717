"""Photos over HTTP: who may send, who may see, what comes back."""

import hashlib
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Connection, Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE, open_session
from gis.api import files
from gis.api.errors import HANDLERS
from gis.api.gate import Gate
from gis.api.session import SessionReader
from gis.files import store
from gis.files.images import MAX_BYTES
from gis.files.store import FOLDER, path_of
from tests import documents
from tests.factories import make_case, make_cell, make_person

HERE = "http://testserver"


def jpeg(shade: int = 120) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (shade, 30, 30)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def site(web_database: Engine) -> Engine:
    """A process on a database and a folder of its own, with one cell."""
    with web_database.begin() as conn:
        make_cell(conn)
    return web_database


@pytest.fixture
def client(site: Engine) -> Iterator[TestClient]:
    app = Starlette(
        routes=files.routes,
        middleware=[Middleware(Gate, sessions=SessionReader(fresh_seconds=0))],
        exception_handlers=HANDLERS,
    )
    with TestClient(app, base_url=HERE) as made:
        yield made


def sign_in(client: TestClient, conn: Connection, *roles: Role, **person: object) -> int:
    person_id = make_person(conn, roles=roles, **person)  # type: ignore[arg-type]
    token, _ = open_session(conn, person_id=person_id, now=datetime.now(UTC))
    client.cookies.set(COOKIE, token)
    return person_id


def send(client: TestClient, data: bytes, **headers: str):  # type: ignore[no-untyped-def]
    return client.post("/api/files", content=data, headers={"Origin": HERE, **headers})


def test_a_photo_is_kept_and_shown_to_its_sender(client: TestClient, site: Engine) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.SUPERVISOR)
    sent = send(client, jpeg())
    assert sent.status_code == 201
    sha256 = sent.json()["sha256"]
    shown = client.get(f"/files/{sha256}")
    assert hashlib.sha256(shown.content).hexdigest() == sha256
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"].startswith("private")
    assert f'filename="{sha256[:12]}.jpg"' in shown.headers["content-disposition"]
    small = client.get(f"/files/{sha256}?size=thumb")
    assert small.status_code == 200
    assert small.headers["etag"] != shown.headers["etag"]
    again = client.get(f"/files/{sha256}", headers={"If-None-Match": shown.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_repeat_gets_the_same_answer(client: TestClient, site: Engine) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.SUPERVISOR)
    assert send(client, jpeg()).json() == send(client, jpeg()).json()
    with site.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM stored_file")).scalar() == 1


@pytest.mark.parametrize("role", [Role.PLANNER, Role.MANAGER, Role.ADMINISTRATOR])
def test_a_post_without_cases_cannot_send_photos(
    client: TestClient, site: Engine, role: Role
) -> None:
    with site.begin() as conn:
        sign_in(client, conn, role)
    assert send(client, jpeg()).status_code == 403


def test_a_handler_may_send_photos_of_the_work_done(client: TestClient, site: Engine) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.HANDLER)
    assert send(client, jpeg()).status_code == 201


def test_a_stranger_is_asked_to_sign_in(client: TestClient, site: Engine) -> None:
    assert send(client, jpeg()).status_code == 401
    assert client.get("/files/" + "0" * 64).status_code == 401


def test_another_sites_form_is_refused(client: TestClient, site: Engine) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.SUPERVISOR)
    answer = client.post(
        "/api/files", content=jpeg(), headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403


def test_somebody_elses_photo_does_not_exist_until_a_case_in_scope_has_it(
    client: TestClient, site: Engine
) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.SUPERVISOR)
    sha256 = send(client, jpeg()).json()["sha256"]
    with site.begin() as conn:
        sign_in(client, conn, Role.ACCEPTOR)
    hidden, absent = client.get(f"/files/{sha256}"), client.get("/files/" + "0" * 64)
    assert hidden.status_code == absent.status_code == 404
    assert hidden.json() == absent.json()
    with site.begin() as conn:
        case_id = make_case(conn)
        conn.execute(
            text(
                "INSERT INTO attachment (case_id, event_seq, purpose, sha256, position)"
                " VALUES (:c, 1, 'report', :s, 0)"
            ),
            {"c": case_id, "s": sha256},
        )
    assert client.get(f"/files/{sha256}").status_code == 200
    with site.begin() as conn:
        sign_in(client, conn, Role.ACCEPTOR, area_code="110102")
    assert client.get(f"/files/{sha256}").status_code == 404
    with site.begin() as conn:
        sign_in(client, conn, Role.PLANNER)  # sees no cases, whatever the area
    assert client.get(f"/files/{sha256}").status_code == 404


def test_a_hostile_file_is_refused_in_the_readers_language(
    client: TestClient, site: Engine
) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.SUPERVISOR)
    answer = send(client, b"<script>alert(1)</script>", **{"Accept-Language": "zh-CN"})
    assert answer.status_code == 422
    body = answer.json()
    assert body["error"] == "invalid"
    assert "该文件不是照片" in body["message"]
    assert [fault["field"] for fault in body["faults"]] == ["photo"]


def test_a_file_above_the_limit_is_not_read_to_its_end(client: TestClient, site: Engine) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.SUPERVISOR)

    def endless() -> Iterator[bytes]:
        yield b"\xff\xd8\xff"
        for _ in range(MAX_BYTES // 1_000_000 + 4):
            yield b"\0" * 1_000_000

    answer = client.post("/api/files", content=endless(), headers={"Origin": HERE})
    assert answer.status_code == 422
    assert "20 MB" in answer.json()["message"]


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "abc", "A" * 64])
def test_nothing_but_a_hash_is_a_file(client: TestClient, site: Engine, name: str) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.SUPERVISOR)
    assert client.get(f"/files/{name}").status_code == 404


def test_a_pdf_is_kept_and_handed_out_as_a_download_only(client: TestClient, site: Engine) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.HANDLER)
    data = documents.pdf()
    sent = send(client, data)
    assert (sent.status_code, sent.json()["media_type"]) == (201, "application/pdf")
    got = client.get(f"/files/{sent.json()['sha256']}")
    assert got.content == data
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["content-disposition"].endswith('.pdf"')
    assert got.headers["x-content-type-options"] == "nosniff"
    assert client.get(f"/files/{sent.json()['sha256']}?size=thumb").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)), ("bytes=600-", 206, slice(600, None)),
        ("bytes=-5", 206, slice(-5, None)), ("bytes=5000-", 416, None),
        ("bytes=9-3", 416, None), ("pages=1-2", 200, slice(None)), ("bytes=-", 200, slice(None)),
        ("bytes=0-4,7-9", 200, slice(None)),
    ],
)  # fmt: skip
def test_a_player_gets_the_part_of_a_film_it_asks_for(
    client: TestClient, site: Engine, wanted: str, status: int, part: slice | None
) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.HANDLER)
    sha256 = send(client, documents.MP4).json()["sha256"]
    got = client.get(f"/files/{sha256}", headers={"Range": wanted})
    assert got.status_code == status
    assert got.headers["accept-ranges"] == "bytes"
    if part is not None:
        assert got.content == documents.MP4[part]


class Counted(FileIO):
    """A file that counts what is read of it."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(-1 if size is None else size) or b""
        Counted.bytes_read += len(data)
        return data

    def readinto(self, buffer: Any, /) -> int | None:
        count = super().readinto(buffer)
        Counted.bytes_read += count or 0
        return count


@pytest.fixture
def film(client: TestClient, site: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bytes]:
    """A film of the greatest size there is, its hash and its bytes; reading it is counted."""
    with site.begin() as conn:
        sign_in(client, conn, Role.HANDLER)
    data = documents.MP4 + os.urandom(MAX_BYTES - len(documents.MP4))
    sent = send(client, data)
    assert sent.status_code == 201, sent.text
    monkeypatch.setattr("gis.files.store.FileIO", Counted)
    Counted.bytes_read = 0
    return sent.json()["sha256"], data


def test_a_part_of_a_film_is_read_alone_once_the_film_was_proven(
    client: TestClient, film: tuple[str, bytes]
) -> None:
    sha256, data = film
    wanted = {"Range": "bytes=10000000-10000999"}
    first = client.get(f"/files/{sha256}", headers=wanted)
    assert first.content == data[10_000_000:10_001_000]
    assert Counted.bytes_read == len(data) + 1000, "proven by its whole content at first"
    Counted.bytes_read = 0
    for start in (0, 5_000_000, len(data) - 70_000):
        part = {"Range": f"bytes={start}-{start + 69_999}"}
        got = client.get(f"/files/{sha256}", headers=part)
        assert (got.status_code, got.headers["content-length"]) == (206, "70000")
        assert got.content == data[start : start + 70_000]
    assert Counted.bytes_read == 3 * 70_000
    assert client.get(f"/files/{sha256}").content == data


def test_a_film_that_was_altered_after_it_was_proven_is_not_handed_out(
    client: TestClient, film: tuple[str, bytes], tmp_path: Path
) -> None:
    sha256, data = film
    wanted = {"Range": "bytes=0-99"}
    assert client.get(f"/files/{sha256}", headers=wanted).status_code == 206
    path = path_of(tmp_path / FOLDER, sha256)
    before = path.stat()
    with path.open("r+b") as stream:  # one byte, far from the part, and the old time put back
        stream.seek(15_000_000)
        stream.write(bytes([data[15_000_000] ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    refused = client.get(f"/files/{sha256}", headers=wanted)
    assert refused.status_code == 503
    assert "损坏" in refused.json()["message"]
    path.unlink()
    assert client.get(f"/files/{sha256}", headers=wanted).status_code == 404


def test_what_is_remembered_of_files_does_not_grow(tmp_path: Path) -> None:
    for number in range(store.PROVEN_MOST + 3):
        store.open_proven(tmp_path, store.put(tmp_path, b"%d" % number)).close()
    assert len(store._proven) == store.PROVEN_MOST


def test_a_page_is_no_attachment_and_the_refusal_names_the_kinds(
    client: TestClient, site: Engine
) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.HANDLER)
    page = b"<html><script>alert(1)</script></html>"
    refused = client.post("/api/files?as=file", content=page, headers={"Origin": HERE})
    assert refused.status_code == 422
    assert "MP4" in refused.json()["message"]

"""Moves and photos that no form offers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from tests import factories as make
from tests.api.hostile.refusals import SHA, assert_refused_in_words


@pytest.fixture
def in_hand(person: int, site: Engine) -> dict[str, str]:
    """A case in each state that the hostile moves start from, handled by this person."""
    numbers = {}
    with site.begin() as conn:
        department = conn.execute(
            text("SELECT department_id FROM person WHERE id = :id"), {"id": person}
        ).scalar_one()
        for state in ("REPORTED", "PENDING_FILING", "PENDING_DISPATCH", "HANDLING", "CLOSED"):
            case_id = make.make_case(
                conn, state=state, class_code="0110", department_id=department,
                handler_id=person, due_at=datetime.now(UTC) + timedelta(days=3),
            )  # fmt: skip
            numbers[state] = conn.execute(
                text("SELECT number FROM cases WHERE id = :id"), {"id": case_id}
            ).scalar_one()
    return numbers


@pytest.mark.parametrize(
    ("state", "body"),
    [
        ("REPORTED", {}),
        ("REPORTED", {"move": None, "version": 1}),
        ("REPORTED", {"move": "fly", "version": 1}),
        ("REPORTED", {"move": "x\x00" * 100, "version": 1}),
        ("REPORTED", {"move": "register"}),
        ("REPORTED", {"move": "register", "version": "1"}),
        ("REPORTED", {"move": "register", "version": 1.0}),
        ("REPORTED", {"move": "register", "version": True}),
        ("REPORTED", {"move": "register", "version": 10**30}),
        ("REPORTED", {"move": "register", "version": -1}),
        ("REPORTED", {"move": "register", "version": 1, "fields": "text"}),
        ("REPORTED", {"move": "register", "version": 1, "fields": [1]}),
        ("REPORTED", {"move": "register", "version": 1, "fields": {"state": "CLOSED"}}),
        ("REPORTED", {"move": "register", "version": 1, "fields": {"\x00": 1}}),
        ("REPORTED", {"move": "report", "version": 1}),
        ("REPORTED", {"move": "refuse", "version": 1, "fields": {"reason": "a\x00"}}),
        ("REPORTED", {"move": "refuse", "version": 1, "fields": {"reason": "x" * 4001}}),
        ("REPORTED", {"move": "refuse", "version": 1, "fields": {"reason": 5}}),
        ("REPORTED", {"move": "merge", "version": 1, "fields": {"target_case": "\x00"}}),
        ("REPORTED", {"move": "merge", "version": 1, "fields": {"target_case": [1]}}),
        ("PENDING_FILING", {"move": "file", "version": 1, "fields": {"condition": 10**17}}),
        ("PENDING_FILING", {"move": "file", "version": 1, "fields": {"condition": "٣"}}),
        ("PENDING_FILING", {"move": "file", "version": 1, "fields": {"condition": 1.5}}),
        ("PENDING_DISPATCH", {"move": "dispatch", "version": 1,
                              "fields": {"department": 10**17, "reason": "so"}}),
        ("PENDING_DISPATCH", {"move": "dispatch", "version": 1,
                              "fields": {"department": {"id": 1}, "reason": "so"}}),
        ("HANDLING", {"move": "ask_extension", "version": 1,
                      "fields": {"reason": "so", "until": "9999-12-31"}}),
        ("HANDLING", {"move": "ask_extension", "version": 1,
                      "fields": {"reason": "so", "until": "0001-01-01"}}),
        ("HANDLING", {"move": "ask_extension", "version": 1,
                      "fields": {"reason": "so", "until": 5}}),
        ("HANDLING", {"move": "ask_suspension", "version": 1,
                      "fields": {"reason": "so", "resume_on": "9999-12-31",
                                 "evidence": [SHA]}}),
        ("HANDLING", {"move": "report_done", "version": 1,
                      "fields": {"text": "done", "photo": ["\x00" * 64]}}),
        ("HANDLING", {"move": "report_done", "version": 1,
                      "fields": {"text": "done", "photo": [SHA]}}),
        ("CLOSED", {"move": "reopen", "version": 1,
                    "fields": {"reason": "so", "supervisor": 10**17}}),
    ],
)  # fmt: skip
def test_moves_that_no_form_offers_are_refused_and_change_nothing(
    web: TestClient,
    site: Engine,
    in_hand: dict[str, str],
    state: str,
    body: dict[str, Any],
) -> None:
    assert_refused_in_words(web.post(f"/api/cases/{in_hand[state]}/moves", json=body))
    with site.connect() as conn:
        found = conn.execute(text("SELECT state, version FROM cases")).all()
    assert {(row.state, row.version) for row in found} == {(name, 1) for name in in_hand}


@pytest.mark.parametrize(
    "photo",
    [
        b"",
        b"GIF89a" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?php system($_GET['c']);",
        b"\xff\xd8\xff\xe0" + b"\0" * 50,
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 20,
    ],
)
def test_what_is_no_photo_is_refused(web: TestClient, photo: bytes) -> None:
    answer = web.post("/api/files", content=photo, headers={"Content-Type": "image/jpeg"})
    assert_refused_in_words(answer)
    assert answer.json()["faults"][0]["field"] == "photo"


def test_a_photo_wrapped_in_a_form_is_refused(web: TestClient) -> None:
    assert_refused_in_words(
        web.post("/api/files", files={"photo": ("a.jpg", b"\xff\xd8\xff", "image/jpeg")})
    )

"""The print sheet over HTTP: whom it is for, what it takes, and that no text becomes markup."""

import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from gis.accounts.model import Role
from tests.factories import make_cell

SignIn = Callable[..., int]


@pytest.fixture
def street(web_database: Engine) -> None:
    with web_database.begin() as conn:
        make_cell(conn)
        conn.execute(
            text("UPDATE area SET geom = (SELECT ST_Multi(geom) FROM grid_cell) WHERE level = 3")
        )


@pytest.mark.parametrize(
    "query",
    [
        "paper=a5",
        "paper=a4'%3E%3Cscript%3E",
        "turn=upside-down",
        "scale=1234",
        "scale=-1",
        "scale=1e3",
        f"title={'x' * 81}",
        "title=a%00b",
    ],
)
def test_what_is_not_offered_is_refused_with_a_sentence(
    web: TestClient, sign_in_as: SignIn, street: None, query: str
) -> None:
    sign_in_as(Role.PLANNER)
    answer = web.get(f"/print/map?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["faults"]
    assert "<script" not in answer.text


def test_a_sheet_names_only_layers_of_its_reader_and_runs_no_script_of_its_own(
    web: TestClient, sign_in_as: SignIn, street: None
) -> None:
    sign_in_as(Role.SUPERVISOR)
    answer = web.get("/print/map?title=%3C/script%3E%3Cscript%3Ealert(1)")
    assert answer.status_code == 200
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)
    assert len(scripts) == 4
    found = re.search(r'id="config">(.*?)</script>', answer.text, re.DOTALL)
    assert found is not None
    config = json.loads(found[1])
    assert "pipelines" not in {layer["id"] for layer in config["layers"]}


def test_without_a_drawn_area_a_sentence_says_so(web: TestClient, sign_in_as: SignIn) -> None:
    sign_in_as(Role.PLANNER)
    answer = web.get("/print/map", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "drawn" in answer.json()["message"]

"""Likely duplicates over HTTP: what is answered, and what nonsense gets."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from gis.accounts.model import Role
from tests import factories as make

SignIn = Callable[..., int]
LON, LAT = make.middle()
ASKED = {"kind": "event", "class_code": "0110", "lon": str(LON), "lat": str(LAT), "text": "垃圾"}
ADDRESS = "/api/cases/duplicates"


@pytest.fixture
def a_case(web_database: Engine) -> None:
    with web_database.begin() as conn:
        make.make_cell(conn)
        make.make_case(conn, class_code="0110", description="垃圾成堆")


def test_a_near_case_is_answered_with_its_reason_in_both_languages(
    web: TestClient, sign_in_as: SignIn, a_case: None
) -> None:
    sign_in_as(Role.ACCEPTOR)
    answer = web.get(ADDRESS, params=ASKED)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    (found,) = answer.json()["duplicates"]
    assert found["same_class"] and found["open"] and found["reporters"] == 1
    assert found["state_en"] == "Reported"
    assert found["reason_zh"].startswith("0 米，同类别")
    assert found["reason_en"].startswith("0 m, same class")
    besides = web.get(ADDRESS, params={**ASKED, "besides": found["number"]})
    assert besides.json() == {"duplicates": []}


def test_another_area_and_the_street_next_door_see_nothing(
    web: TestClient, sign_in_as: SignIn, a_case: None
) -> None:
    sign_in_as(Role.ACCEPTOR, area_code="110101002")
    assert web.get(ADDRESS, params=ASKED).json() == {"duplicates": []}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""}, {"kind": "x' OR 1=1"}, {"lon": ""}, {"lon": "abc"}, {"lon": "nan"},
        {"lon": "181"}, {"lat": "89"}, {"lat": "inf"}, {"lat": "-1e999"},
        {"class_code": "9" * 9}, {"text": "字" * 4001}, {"besides": "1" * 41},
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_words(
    web: TestClient, sign_in_as: SignIn, a_case: None, wrong: dict[str, str]
) -> None:
    sign_in_as(Role.ACCEPTOR)
    answer = web.get(ADDRESS, params={**ASKED, **wrong})
    assert 400 <= answer.status_code < 500, answer.text
    said = answer.json()
    assert said["message"] and said["faults"] and "reference" not in said


@pytest.mark.parametrize(
    "odd",
    [
        {"class_code": ""}, {"class_code": "\x00\x01"}, {"text": ""}, {"text": "\x00'; --"},
        {"text": "😀" * 900}, {"besides": "\x00"}, {"more": "1"},
        {"text": "<script>"}, {"lon": "-180"}, {"lat": "-85"},
    ],
)  # fmt: skip
def test_odd_input_that_means_something_is_answered(
    web: TestClient, sign_in_as: SignIn, a_case: None, odd: dict[str, str]
) -> None:
    sign_in_as(Role.ACCEPTOR)
    assert web.get(ADDRESS, params={**ASKED, **odd}).status_code == 200

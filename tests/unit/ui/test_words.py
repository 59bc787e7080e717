"""How people's words, times and numbers are written on pages."""

from datetime import UTC, date, datetime

import pytest

from gis.errors import Term
from gis.ui import words
from gis.ui.db import escape_markdown


@pytest.fixture(params=["zh-CN", "en"])
def spoken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(words, "locale", lambda: request.param)
    return str(request.param)


def test_times_are_the_district_s(spoken: str) -> None:
    moment = datetime(2026, 11, 18, 16, 30, tzinfo=UTC)
    assert words.local_time(moment) == "2026-11-19 00:30"
    assert words.local_time(moment, "short") == "11-19 00:30"
    assert words.local_time(None) == "–"


def test_days_speak_the_language(spoken: str) -> None:
    day = date(2026, 11, 18)
    assert words.local_date(day, "week") == {"zh-CN": "11-18 周三", "en": "11-18 Wed"}[spoken]
    assert words.local_date(day) == {"zh-CN": "2026年11月18日", "en": "18 Nov 2026"}[spoken]


def test_numbers_have_separators_and_shares_a_sign(spoken: str) -> None:
    assert words.local_number(1234567) == "1,234,567"
    assert words.local_number(0.5, 1) == "0.5"
    assert words.local_number(None) == "–"
    assert words.local_share(0.881) == "88.1%"


def test_names_come_from_terms_mappings_and_rows(spoken: str) -> None:
    wanted = {"zh-CN": "东城区", "en": "Dongcheng"}[spoken]
    assert words.name_of(Term("东城区", "Dongcheng")) == wanted
    assert words.name_of({"name_zh": "东城区", "name_en": "Dongcheng"}) == wanted


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=alert(1)>", "[link](http://evil)", "![p](http://evil/p.png)", "# Title",
     "$x^2$", ":material/delete:", ":red[alarm]", "`code`", "a | b", "~~gone~~", "**bold**", "\\"],
)  # fmt: skip
def test_people_s_words_stay_words_in_markdown(text: str) -> None:
    escaped = escape_markdown(text)
    for mark in "`*[]<>$#|~:":
        assert f"{mark}" not in escaped.replace(f"\\{mark}", ""), escaped
    assert escaped.replace("\\", "") == text.replace("\\", "")

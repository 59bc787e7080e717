"""Names, moments and numbers as one person reads them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from gis.errors import Term
from gis.wording import NOTHING, Wording

ZH = Wording("zh-CN", ZoneInfo("Asia/Shanghai"))
EN = Wording("en", ZoneInfo("Asia/Shanghai"))
EVENING = datetime(2026, 11, 18, 17, 5, tzinfo=UTC)


def test_moments_are_those_of_the_place_whatever_the_language() -> None:
    for wording in (ZH, EN):
        assert wording.time(EVENING) == "2026-11-19 01:05"
        assert wording.time(EVENING, "short") == "11-19 01:05"
        assert wording.time(EVENING, "HH:mm") == "01:05"


def test_what_is_not_known_is_a_dash() -> None:
    assert {EN.time(None), EN.date(None), EN.number(None), EN.share(None)} == {NOTHING}


@pytest.mark.parametrize(
    ("value", "unit", "digits", "said"),
    [
        (Term("完好", "Intact"), "", None, "Intact"),
        (EVENING, "", None, "2026-11-19 01:05"),
        (date(2026, 11, 18), "", None, "18 Nov 2026"),
        (12345.678, "m²", 0, "12,346 m²"),
        (Decimal("1.25"), "m", 2, "1.25 m"),
        (300, "mm", None, "300 mm"),
        (2019, "", None, "2019"),
        (True, "", None, "True"),
        ("<b>名</b>", "", None, "<b>名</b>"),
    ],
)
def test_a_value_of_a_table_reads_with_its_unit(
    value: object, unit: str, digits: int | None, said: str
) -> None:
    assert EN.value(value, unit, digits) == said


def test_shares_and_names_follow_the_language() -> None:
    assert (ZH.share(0.125), EN.share(0.125, 0)) == ("12.5%", "12%")
    assert (ZH.name({"name_zh": "甲", "name_en": "A"}), EN.name(Term("甲", "A"))) == ("甲", "A")
    assert (ZH.say("Land use"), EN.say("Land use")) == ("土地利用", "Land use")

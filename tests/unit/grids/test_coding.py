"""Grid codes per edition: taken apart, put together, refused with the value and the rule."""

import pytest

from gis.errors import Invalid
from gis.grids.coding import (
    EDITIONS,
    check_area_code,
    check_grid_code,
    code_faults,
    compose_grid_code,
    edition_named,
    parents,
    parse_grid_code,
)

COMMUNITY = "110101001001"


@pytest.mark.parametrize(
    ("edition", "length", "highest"), [("2005", 14, 99), ("2013", 15, 999), ("2026", 15, 999)]
)
def test_each_edition_has_its_length_and_highest_serial(
    edition: str, length: int, highest: int
) -> None:
    rule = EDITIONS[edition]
    assert (rule.length, rule.highest_serial) == (length, highest)
    assert len(compose_grid_code(COMMUNITY, highest, edition)) == length


def test_a_code_is_taken_apart_into_parents_and_serial() -> None:
    code = parse_grid_code("110101001002013")
    assert code.district_code == "110101"
    assert code.street_code == "110101001"
    assert code.community_code == "110101001002"
    assert code.serial_part == "013"
    assert code.text == "110101001002013"


@pytest.mark.parametrize(
    ("code", "edition", "said"),
    [
        ("11010100100101", "2013", "14 characters"),
        ("110101001001001", "2005", "15 characters"),
        ("11010100100100A", "2013", "digits only"),
        ("11010100100100a", "2026", "capital letters"),
        ("1101010010010０1", "2013", "digits only"),
        ("110101001001000", "2013", "serials start at 1"),
        ("", "2013", "0 characters"),
        ("110101001001 01", "2026", "digits and capital letters"),
    ],
)
def test_a_wrong_code_is_named_with_the_rule_it_breaks(code: str, edition: str, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_grid_code(code, edition)
    faults = [f.text("en") for f in caught.value.faults]
    assert any(said in text and code in text for text in faults)


def test_all_faults_of_a_code_are_named_not_only_the_first() -> None:
    assert len(code_faults("11x", "2013")) == 2


def test_letters_are_valid_in_2026_only() -> None:
    assert code_faults("11010100100A00B", "2026") == []
    assert code_faults("11010100100A00B", "2013") != []


@pytest.mark.parametrize(
    ("serial", "edition"), [(0, "2013"), (-1, "2013"), (1000, "2013"), (100, "2005")]
)
def test_a_serial_the_edition_cannot_hold_is_refused(serial: int, edition: str) -> None:
    with pytest.raises(Invalid, match=EDITIONS[edition].standard):
        compose_grid_code(COMMUNITY, serial, edition)


def test_an_unknown_edition_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid, match="2005, 2013, 2026"):
        edition_named("2007")


@pytest.mark.parametrize(("code", "level"), [("110101", 3), ("11010100", 3), ("1101O1", 2)])
def test_an_area_code_of_the_wrong_length_or_alphabet_is_refused(code: str, level: int) -> None:
    with pytest.raises(Invalid, match=code):
        check_area_code(code, level)


def test_parents_are_cut_from_the_code() -> None:
    assert parents("110101001002013") == {
        "district_code": "110101",
        "street_code": "110101001",
        "community_code": "110101001002",
    }
    assert parents("110101001") == {"district_code": "110101"}
    assert parents("110101") == {}

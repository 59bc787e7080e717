"""The fields of a move, read strictly."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.cases.move_fields import KINDS, data_of, read_fields, words_of
from gis.errors import Invalid

SHA = "ab" * 32


def test_fields_are_read_as_what_they_are() -> None:
    read = read_fields(
        {
            "reason": " as it came \n",
            "supervisor": "17",
            "department": 5,
            "condition": 2,
            "until": "2026-11-30",
            "resume_on": date(2026, 12, 1),
            "photo": [SHA],
            "target_case": " 110101001-261118-0001 ",
            "result": "valid",
            "asked_by_reporter": True,
        }
    )
    assert read == {
        "reason": " as it came \n", "supervisor": 17, "department": 5, "condition": 2,
        "until": date(2026, 11, 30), "resume_on": date(2026, 12, 1), "photo": [SHA],
        "target_case": "110101001-261118-0001", "result": "valid", "asked_by_reporter": True,
    }  # fmt: skip
    assert words_of(read) == " as it came \n"
    data = data_of(read)
    assert data["until"] == "2026-11-30" and "photo" not in data and "reason" not in data


@pytest.mark.parametrize("empty", [None, "", "  \n", [], (), False])
def test_an_empty_field_is_left_out(empty: object) -> None:
    assert read_fields(dict.fromkeys(KINDS, empty)) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reason", 5), ("reason", ["x"]), ("reason", "x" * 4001), ("reason", "a\x00"),
        ("photo", "x"), ("photo", [5]), ("photo", ["nothash"]), ("photo", [SHA, SHA]),
        ("photo", [f"{i:064x}" for i in range(11)]),
        ("supervisor", "x"), ("supervisor", -1), ("supervisor", 1.5), ("supervisor", True),
        ("supervisor", "9" * 30), ("department", "１２x"), ("condition", "1;"),
        ("until", "30.11.2026"), ("until", 5), ("resume_on", "2026-13-01"),
        ("target_case", "abc"), ("result", "maybe"), ("asked_by_reporter", "yes"),
        ("colour", "red"), ("point", [1, 2]),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_read_is_named(name: str, value: object) -> None:
    with pytest.raises(Invalid) as caught:
        read_fields({name: value})
    assert [f.field for f in caught.value.faults] == [name]


@given(
    st.dictionaries(
        st.sampled_from([*KINDS, "other"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text(max_size=3), inner, max_size=2)
            ),
            max_leaves=5,
        ),
    )
)
def test_whatever_is_sent_is_read_or_refused(sent: dict[str, Any]) -> None:
    try:
        read = read_fields(sent)
    except Invalid as error:
        assert error.faults
    else:
        assert set(read) <= set(sent)
        data_of(read)
        words_of(read)

"""Numbers as people say them; sealing them, and what does not open."""

from datetime import UTC, datetime

import pytest

from gis.cases.callers.phones import (
    faults_of_number,
    faults_of_words,
    holds_number,
    masked,
    masked_name,
    plain_number,
)
from gis.cases.callers.records import Caller, Revealed
from gis.cases.callers.sealing import Key, KeyRing, key_id_of, ring_as_text, ring_from_text
from gis.errors import Unavailable

NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812341234", "13812341234"),
        (" 138-1234-1234 ", "13812341234"),
        ("+86 138 1234 1234", "13812341234"),
        ("0086 138 1234 1234", "13812341234"),
        ("１３８１２３４１２３４", "13812341234"),
        ("（010）6512 3456", "01065123456"),
        ("65123456", "65123456"),
        ("+49 30 1234567", "+49301234567"),
    ],
)
def test_one_caller_is_one_number_however_it_was_typed(typed: str, kept: str) -> None:
    assert plain_number(typed) == kept
    assert not faults_of_number(typed)


@pytest.mark.parametrize("typed", ["", "110", "abc", "1" * 16, "138 1234 123x", "1381234\x001234"])
def test_what_is_no_number_is_refused_with_the_rule(typed: str) -> None:
    assert [fault.field for fault in faults_of_number(typed)] == ["phone"]


def test_numbers_and_names_are_masked() -> None:
    assert masked("13812341234") == "138****1234"
    assert masked("01065123456") == "010****3456"
    assert masked("65123456") == "******56"
    assert masked_name("张建国") == "张**"
    assert masked_name("") == ""


@pytest.mark.parametrize(
    "words",
    [
        "打 13812341234 联系",
        "138-1234-1234",
        "138 1234 1234",
        "１３８１２３４１２３４",
        "tel:+8613812341234",
    ],
)
def test_a_number_hidden_in_words_is_found(words: str) -> None:
    assert holds_number(words, "13812341234")
    assert [f.field for f in faults_of_words("text", words, "13812341234")] == ["text"]


def test_other_digits_in_words_are_left_alone() -> None:
    assert not holds_number("门牌 1381 号，2026-11-18 看到，1234 路 1234 弄", "13812341234")


def _ring(*more: Key) -> KeyRing:
    return KeyRing((Key.new(NOW), *more))


def test_what_was_sealed_opens_again_and_says_nothing_before() -> None:
    ring = _ring()
    row = ring.lookup("13812341234")
    sealed = ring.seal("phone", "13812341234", row=row)
    assert b"1234" not in sealed
    assert sealed != ring.seal("phone", "13812341234", row=row)
    assert ring.open("phone", sealed, row=row) == "13812341234"
    assert key_id_of(sealed) == ring.active.id


def test_another_key_a_changed_text_and_a_moved_one_do_not_open() -> None:
    ring, stranger = _ring(), _ring()
    row, other = ring.lookup("13812341234"), ring.lookup("13900000000")
    sealed = ring.seal("phone", "13812341234", row=row)
    with pytest.raises(Unavailable, match="is not among the keys"):
        stranger.open("phone", sealed, row=row)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for what, text, where in (
        ("phone", changed, row), ("phone", sealed, other), ("name", sealed, row),
    ):  # fmt: skip
        with pytest.raises(Unavailable, match="has been changed"):
            ring.open(what, text, row=where)


def test_an_older_key_opens_and_finds_and_does_not_seal() -> None:
    old = _ring()
    both = _ring(old.active)
    row = old.lookup("13812341234")
    sealed = old.seal("phone", "13812341234", row=row)
    assert both.open("phone", sealed, row=row) == "13812341234"
    assert row in both.lookups("13812341234")
    assert key_id_of(both.seal("phone", "x", row=row)) == both.active.id != old.active.id


def test_the_file_of_keys_is_read_as_it_was_written_and_nonsense_is_not() -> None:
    ring = _ring(Key.new(NOW))
    assert ring_from_text(ring_as_text(ring)) == ring
    for words in ("", "{}", '{"keys": []}', '{"keys": [{"id": "x"}]}',
                  ring_as_text(ring).replace('"seal": "', '"seal": "AA=')):  # fmt: skip
        with pytest.raises(ValueError, match=r".*"):
            ring_from_text(words)


def test_nothing_that_is_printed_shows_a_caller_or_a_key() -> None:
    key = Key.new(NOW)
    assert "13812341234" not in repr(Caller(phone="13812341234", name="张"))
    assert "13812341234" not in repr(Revealed(phone="13812341234", name="张"))
    assert repr(key.seal) not in repr(KeyRing((key,)))

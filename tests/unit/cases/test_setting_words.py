"""Every setting says what it means, in both languages."""

from gis.cases.district_settings import PRODUCT_DEFAULTS
from gis.cases.setting_words import SECTIONS, WORDS, value_in_words


def test_every_setting_has_its_words_and_nothing_else_has() -> None:
    assert set(WORDS) == set(PRODUCT_DEFAULTS)
    for row in WORDS.values():
        assert row.section in SECTIONS and row.meaning.zh and row.meaning.en, row.key


def test_values_are_written_as_they_are_typed() -> None:
    assert value_in_words(("a", "b")) == "a, b"
    assert value_in_words([["08:00", "12:00"], ["14:00", "18:00"]]) == "08:00-12:00, 14:00-18:00"
    assert value_in_words(30.0) == "30" and value_in_words(0.5) == "0.5"

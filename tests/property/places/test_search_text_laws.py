"""Whatever is typed, the reading of a name stays plain and short."""

from hypothesis import given
from hypothesis import strategies as st

from gis.places.pinyin import search_key, syllables


@given(st.text(max_size=50))
def test_a_search_key_is_made_of_lower_case_letters_digits_and_one_space(text: str) -> None:
    key = search_key(text)
    assert key == "" or key.count(" ") == 1
    assert all(c.isascii() and (c.isalnum() or c == " ") and c == c.lower() for c in key)


@given(st.text(alphabet="东城区王府井大街胡同长安ABC123", max_size=20))
def test_reading_two_names_one_after_the_other_reads_no_less_than_each(text: str) -> None:
    assert len("".join(syllables(text))) >= len(text)

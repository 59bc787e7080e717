"""Passwords: what is accepted, and that only the right one fits."""

import pytest

from gis.accounts.passwords import check_policy, hash_password, outdated, verify
from gis.errors import Invalid


@pytest.mark.parametrize(
    "password",
    ["seven quiet bridges", "correct-horse", "一二三四五六七八九十甲乙", "p" * 6 + "qrstuv"],
)
def test_long_enough_words_are_accepted(password: str) -> None:
    try:
        check_policy(password, "wang.min")
    except Invalid as refusal:
        pytest.fail(f"refused: {refusal.faults}")


@pytest.mark.parametrize(
    "password", ["", "elevenchars", "aaaaaaaaaaaa", "abababababab", "wang.min1234", "x" * 257]
)
def test_short_repeated_or_obvious_ones_are_not(password: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_policy(password, "wang.min")
    assert [f.field for f in caught.value.faults] == ["password"]


def test_only_the_right_password_fits_its_hash() -> None:
    stored = hash_password("seven quiet bridges")
    assert stored.startswith("$argon2id$")
    assert "bridges" not in stored
    assert verify(stored, "seven quiet bridges")
    assert not verify(stored, "seven quiet bridge")
    assert not verify("not a hash", "seven quiet bridges")
    assert not verify(None, "")
    assert not outdated(stored)


def test_the_same_password_is_never_stored_the_same_way_twice() -> None:
    assert hash_password("seven quiet bridges") != hash_password("seven quiet bridges")

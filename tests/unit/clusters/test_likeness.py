"""How much two descriptions say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gis.cases.clusters.likeness import likeness, signs

WORDS = some.text(alphabet="垃圾路灯不亮井盖坏了abc 12，。", max_size=40)


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("胡同口一堆生活垃圾没人清理", "胡同口一堆生活垃圾没人清理", 1.0),
        ("门口堆了一堆垃圾没人管", "小区门口垃圾成堆，无人清理", 0.25),
        ("路灯不亮", "灯灭了，路灯坏了不亮", 0.5),
        ("Street lamps broken near the bridge", "street lamp broken under the bridge", 0.6),
        ("C口路灯 12 号杆不亮", "12号灯杆 c 口不亮", 0.5),
    ],
)
def test_near_descriptions_share_a_good_part(one: str, other: str, least: float) -> None:
    found = likeness(one, other)
    assert found is not None and found >= least


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("流动摊贩占道卖水果", "井盖破裂丢失"),
        ("请及时处理，已拍照，垃圾成堆", "请及时处理，已拍照，护栏倒伏"),
        ("lamp broken", "rubbish in the street"),
    ],
)
def test_other_things_share_nothing_even_in_stock_phrases(one: str, other: str) -> None:
    assert likeness(one, other) == 0


@pytest.mark.parametrize("empty", ["", "  ", "，。！", "请及时处理", "😀", "的"])
def test_who_says_nothing_is_compared_with_nobody(empty: str) -> None:
    assert likeness(empty, "垃圾成堆") is None
    assert likeness("垃圾成堆", empty) is None


@given(WORDS, WORDS)
def test_likeness_is_the_same_from_both_sides_and_within_its_bounds(one: str, other: str) -> None:
    found = likeness(one, other)
    assert found == likeness(other, one)
    assert found is None or 0 <= found <= 1
    if signs(one):
        assert likeness(one, one) == 1

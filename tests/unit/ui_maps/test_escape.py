"""What people write must arrive on a map as text, whatever it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.ui.maps.escape import popup_text, script_json

HOSTILE = (
    "<img src=x onerror=alert(1)> ` ${alert(1)} \\ </script> {{ 7*7 }} {% x %} ' \" _ab \u2028"
)


@pytest.mark.parametrize("mark", list("<>`${}\\'\"\u2028&_"))
def test_no_dangerous_character_survives_in_a_script(mark: str) -> None:
    inside = script_json({"note": HOSTILE}).removeprefix('{"note":"').removesuffix('"}')
    assert mark not in inside.replace("\\u", "")


@pytest.mark.parametrize("mark", list("<>`${}\\'\""))
def test_no_dangerous_character_survives_in_a_popup(mark: str) -> None:
    assert mark not in popup_text(HOSTILE)


def test_a_popup_keeps_line_breaks_and_chinese() -> None:
    assert popup_text("井盖\n破损") == "井盖<br>破损"


def test_two_scripts_that_differ_only_after_an_underscore_stay_different() -> None:
    assert "_" not in script_json({"layer": "grid_a"})


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_script_json_means_the_same_data(data: object) -> None:
    assert json.loads(script_json(data)) == data


def test_a_value_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        script_json({"share": float("nan")})

"""The editor of styles: changed, tried out, saved, refused with the form kept, taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.catalog.layers import layers
from gis.catalog.styles import current_raw, shipped, style_of
from gis.tiles.field_values import Code, FieldValues
from gis.ui import style_colour

Visitor = Callable[..., AppTest]


def _button(app: AppTest, label: str) -> Any:
    return next(b for b in app.button if b.label.startswith(label))


def opened(engine: Engine, visitor: Visitor, layer: str) -> AppTest:
    app = visitor(engine, Role.ADMINISTRATOR, "styles.py")
    app.session_state["styles.layer"] = layer
    app.run()
    assert not app.exception
    return app


def save(app: AppTest) -> AppTest:
    _button(app, "保存为版本").click()
    return app.run()


def looks(engine: Engine, layer: str) -> Any:
    with engine.begin() as conn:
        return style_of(conn, layers()[layer])


@pytest.mark.parametrize("role", [Role.PLANNER, Role.CENTRE_LEADER, Role.DATA_OWNER, Role.AUDITOR])
def test_the_editor_is_for_administrators_only(
    district: Engine, visitor: Visitor, role: Role
) -> None:
    with pytest.raises(ValueError, match=r"Could not find .*pages/styles\.py"):
        visitor(district, role, "styles.py")


def test_the_editor_speaks_english(district: Engine, visitor: Visitor) -> None:
    app = visitor(district, Role.ADMINISTRATOR, "styles.py", locale="en")
    assert not app.exception
    assert app.title[0].value == "Map styles"
    assert _button(app, "Save as version 1").disabled is False


@pytest.mark.parametrize("layer", layers())
def test_every_layer_opens_as_it_is_and_an_untouched_form_changes_nothing(
    district: Engine, visitor: Visitor, layer: str
) -> None:
    app = opened(district, visitor, layer)
    assert not app.error
    held = app.session_state["styles.draft"]
    assert held.raw == shipped()[layer]
    assert held.version == 0


def test_a_colour_is_saved_with_its_note_and_taken_back(
    own_district: Engine, visitor: Visitor
) -> None:
    app = opened(own_district, visitor, "buildings")
    app.color_picker[0].set_value("#123456").run()
    note = next(w for w in app.text_input if w.key.startswith("styles.note"))
    note.set_value("更醒目")
    save(app)
    assert "版本 1 已保存" in app.toast[0].value
    assert looks(own_district, "buildings").rules[0]["color"] == "#123456"
    assert any("更醒目" in m.value for m in app.markdown)
    _button(app, "重新启用").click().run()
    assert not app.exception
    assert looks(own_district, "buildings").rules[0]["color"] == "$building"
    assert looks(own_district, "buildings").version == 2


def test_a_number_that_is_none_is_named_and_stays_in_the_form(
    district: Engine, visitor: Visitor
) -> None:
    app = opened(district, visitor, "buildings")
    field = next(w for w in app.text_input if w.key.endswith(".opacity"))
    field.set_value("viel").run()
    assert "规则 1" in app.error[0].value
    assert "viel" in app.error[0].value
    assert _button(app, "保存为版本").disabled
    again = next(w for w in app.text_input if w.key.endswith(".opacity"))
    assert again.value == "viel"


def test_classes_are_made_of_the_values_that_are_there(
    own_district: Engine, visitor: Visitor
) -> None:
    app = opened(own_district, visitor, "components")
    way = next(w for w in app.segmented_control if w.key.endswith(".way"))
    way.set_value("classes").run()
    next(w for w in app.number_input if w.key.endswith(".k")).set_value(3)
    _button(app, "生成分级").click().run()
    assert not app.exception
    color = app.session_state["styles.draft"].raw["rules"][0]["color"]
    assert color["by"] == "cls"
    assert 1 <= len(color["range"]) <= 3
    save(app)
    assert looks(own_district, "components").rules[0]["color"] == color
    assert len(looks(own_district, "components").legend) == len(color["range"])


def test_what_somebody_with_more_rights_has_read_is_not_shown_to_an_administrator(
    district: Engine, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = FieldValues(None, (Code("JS", 3),), 1)
    monkeypatch.setattr(style_colour, "field_values", lambda *_key, **_who: held)
    app = opened(district, visitor, "pipelines")
    next(w for w in app.segmented_control if w.key.endswith(".way")).set_value("categories").run()
    _button(app, "读取现有取值").click().run()
    assert app.error and not app.exception
    assert app.session_state["styles.draft"].raw == shipped()["pipelines"]


def test_classes_of_codes_are_refused_with_the_way_out(district: Engine, visitor: Visitor) -> None:
    app = opened(district, visitor, "land_use")
    next(w for w in app.segmented_control if w.key.endswith(".way")).set_value("classes").run()
    _button(app, "生成分级").click().run()
    assert "请使用类别" in app.error[0].value
    assert app.session_state["styles.draft"].raw == shipped()["land_use"]


def test_of_many_values_the_most_frequent_get_a_colour_and_the_rest_is_other(
    own_district: Engine, visitor: Visitor
) -> None:
    app = opened(own_district, visitor, "land_use")
    next(w for w in app.segmented_control if w.key.endswith(".way")).set_value("categories").run()
    next(w for w in app.number_input if w.key.endswith(".many")).set_value(3)
    _button(app, "读取现有取值").click().run()
    assert not app.exception
    assert "其余归为" in app.toast[0].value
    color = app.session_state["styles.draft"].raw["rules"][0]["color"]
    assert len(color["cats"]) == 3
    assert color["other"]


def test_text_that_is_no_json_saves_nothing(district: Engine, visitor: Visitor) -> None:
    app = opened(district, visitor, "buildings")
    app.segmented_control(key="styles.part.buildings").set_value("text").run()
    app.text_area[0].set_value('{"rules": [').run()
    assert "JSON" in app.error[0].value
    assert _button(app, "保存为版本").disabled
    assert app.text_area[0].value == '{"rules": ['


def test_who_comes_second_is_told_and_keeps_the_form(
    own_district: Engine, visitor: Visitor
) -> None:
    app = opened(own_district, visitor, "buildings")
    app.color_picker[0].set_value("#123456").run()
    with own_district.begin() as conn:
        raw, _version = current_raw(conn, layers()["buildings"])
        conn.execute(
            text(
                "INSERT INTO layer_style (layer, version, style, note, made_at)"
                " VALUES ('buildings', 1, CAST(:raw AS jsonb), '', now())"
            ),
            {"raw": '{"rules": [{"source": "building", "kind": "fill", "color": "#00ff00"}]}'},
        )
    save(app)
    assert "版本 1" in app.error[0].value
    assert app.color_picker[0].value == "#123456"
    assert looks(own_district, "buildings").rules[0]["color"] == "#00ff00"


def test_a_saved_style_that_no_longer_fits_is_said_to_be_so(
    own_district: Engine, visitor: Visitor
) -> None:
    with own_district.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO layer_style (layer, version, style, note, made_at) VALUES"
                " ('buildings', 4, '{\"rules\": [{\"kind\": \"fog\"}]}', '', now())"
            )
        )
    app = opened(own_district, visitor, "buildings")
    assert "版本 4" in app.warning[0].value
    assert app.session_state["styles.draft"].raw == shipped()["buildings"]

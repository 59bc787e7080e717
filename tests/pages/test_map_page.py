"""The map page around its frame: guard, constant script, drawn selections, saved views."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.ui import map_page, session
from gis.ui.page_table import PAGES

Visitor = Callable[..., AppTest]
BOX = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
STATE = "map=15/39.92810/116.41640&layers=roads,grids"


class Frame:
    """Stands for the frame: keeps what it was given, answers what a tool reported."""

    def __init__(self) -> None:
        self.scripts: list[str] = []
        self.views: list[str] = []
        self.report: dict[str, Any] | None = None

    def __call__(self, drawn: Any, **options: Any) -> None:
        [bench] = [part for name, part in drawn._children.items() if name.startswith("workbench")]
        self.scripts.append(bench.config)
        [views] = options["feature_group_to_add"]._children.values()
        self.views.append(views.views)

    def say(self, app: AppTest, **properties: Any) -> AppTest:
        """A tool reports; the page runs as it then does."""
        app.session_state["map.map"] = {"last_active_drawing": {"properties": properties}}
        return app.run()


@pytest.fixture
def frame(monkeypatch: pytest.MonkeyPatch) -> Frame:
    frame = Frame()
    monkeypatch.setattr(map_page, "st_folium", frame)
    return frame


def texts(app: AppTest) -> str:
    kinds = (app.caption, app.info, app.error, app.markdown, app.toast)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def selected(layers: Any, geometry: Any, seq: Any = 1) -> dict[str, Any]:
    return {"_tool": "select", "geometry": geometry, "layers": layers, "_seq": seq}


def middle_of(engine: Engine) -> dict[str, Any]:
    """A box of most of the district, as the tool draws it."""
    with engine.connect() as conn:
        w, s, e, n = conn.execute(
            text(
                "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)"
                " FROM (SELECT ST_Extent(geom) AS b FROM grid_cell) AS t"
            )
        ).one()
    x, y = (e - w) / 8, (n - s) / 8
    w, s, e, n = w + x, s + y, e - x, n - y
    ring = [[w, s], [e, s], [e, n], [w, n], [w, s]]
    return {"type": "Polygon", "coordinates": [ring]}


def kept(engine: Engine) -> list[tuple[str, Any]]:
    """The saved views of the district."""
    with engine.connect() as conn:
        return [tuple(row) for row in conn.execute(text("SELECT title, state FROM map_view"))]


def test_a_stranger_gets_no_map(
    district: Engine, monkeypatch: pytest.MonkeyPatch, frame: Frame
) -> None:
    monkeypatch.setattr(session, "session_token", lambda: None)
    app = AppTest.from_file(str(PAGES / "map.py"), default_timeout=60).run()
    assert not app.exception
    assert frame.scripts == []


def test_a_rerun_hands_the_frame_the_same_script_and_a_changed_style_another(
    own_district: Engine, visitor: Visitor, frame: Frame
) -> None:
    app = visitor(own_district, Role.PLANNER, "map.py")
    app.run()
    assert len(frame.scripts) >= 2
    assert len(set(frame.scripts)) == 1
    with own_district.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO layer_style (layer, version, style, made_at) VALUES ('roads', 1,"
                ' \'{"rules": [{"source": "road", "kind": "line", "color": "#123456"}]}\', now())'
            )
        )
    map_page.map_styles.clear()
    app.run()
    assert len(set(frame.scripts)) == 2
    assert "123456" in frame.scripts[-1]


def test_a_drawn_selection_is_listed_by_layer_with_files_beside_it(
    district: Engine, visitor: Visitor, frame: Frame
) -> None:
    app = visitor(district, Role.PLANNER, "map.py")
    frame.say(app, **selected(["grids", "components", "cases", "nothing", 5], middle_of(district)))
    assert not app.exception
    titles = [tab.label for tab in app.tabs]
    assert [title.split(" (")[0] for title in titles] == [
        "城市部件",
        "四级网格",
    ]  # no case for planners
    components, grids = (table.value for table in app.dataframe)
    assert len(components) == 50  # a page of many
    assert f"区域内共 {len(grids)} 个" in texts(app)
    assert len(app.get("download_button")) == 6
    runs = len(frame.scripts)
    app.run()
    assert not app.tabs  # a report is answered once
    assert len(frame.scripts) == runs + 1


def test_pages_of_a_selection_go_on_where_the_last_one_ended(
    district: Engine, visitor: Visitor, frame: Frame
) -> None:
    app = visitor(district, Role.PLANNER, "map.py")
    frame.say(app, **selected(["components"], middle_of(district)))
    first = app.dataframe[0].value
    app.session_state["map.seen"] = None  # the test's runner runs the page, not the dialog alone
    app.number_input(key="map.selection.1.components.page").set_value(2).run()
    second = app.dataframe[0].value
    assert set(first.iloc[:, 0]).isdisjoint(second.iloc[:, 0])


def test_who_may_not_export_reads_the_table_only(
    district: Engine, visitor: Visitor, frame: Frame
) -> None:
    app = visitor(district, Role.HANDLER, "map.py")
    frame.say(app, **selected(["grids"], middle_of(district)))
    assert len(app.dataframe) == 1
    assert not app.get("download_button")
    assert "不含导出文件的权限" in texts(app)


@pytest.mark.parametrize(
    "report",
    [
        selected("grids", BOX),
        selected(None, BOX),
        selected(["grids"], {"type": "Point", "coordinates": [0, 0]}),
        selected(["grids"], "x"),
        selected(["grids"], {"type": "Polygon", "coordinates": [[["a", 1]]]}),
        selected(["grids"], {"type": "Polygon", "coordinates": [[[0, 0], [90, 0], [90, 60]]]}),
        selected(["nothing"], BOX, seq="x"),
        {"_tool": "view", "state": None},
        {"_tool": "nothing"},
        {},
    ],
)
def test_a_report_that_makes_no_sense_is_answered_with_a_sentence_or_nothing(
    district: Engine, visitor: Visitor, frame: Frame, report: dict[str, Any]
) -> None:
    app = visitor(district, Role.PLANNER, "map.py")
    frame.say(app, **report)
    assert not app.exception
    assert not app.dataframe
    assert "编号：" not in texts(app)


def test_a_view_is_saved_and_reaches_the_frame_without_another_script(
    own_district: Engine, visitor: Visitor, frame: Frame
) -> None:
    app = visitor(own_district, Role.PLANNER, "map.py")
    frame.say(app, _tool="view", state=STATE, _seq=1)
    app.text_input(key="map.view.title").set_value("东城路网")
    app.session_state["map.seen"] = None
    next(b for b in app.button if b.label == "保存当前视图").click()
    app.run()
    assert not app.exception
    assert "东城路网" in texts(app)
    assert kept(own_district) == [("东城路网", {"hash": STATE})]
    assert len(set(frame.scripts)) == 1
    assert "layers=roads" in frame.views[-1]
    assert frame.views[0] == "[]"


def test_a_refused_view_keeps_what_was_typed(
    own_district: Engine, visitor: Visitor, frame: Frame
) -> None:
    app = visitor(own_district, Role.PLANNER, "map.py")
    frame.say(app, _tool="view", state="layers=<script>", _seq=1)
    app.text_input(key="map.view.title").set_value("东城路网")
    app.session_state["map.seen"] = None
    next(b for b in app.button if b.label == "保存当前视图").click()
    app.run()
    assert "无法保存视图" in texts(app)
    assert app.text_input(key="map.view.title").value == "东城路网"
    assert kept(own_district) == []

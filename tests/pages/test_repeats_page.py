"""Places that come back as a page: by area, period and number, and nothing of elsewhere."""

from collections.abc import Callable

from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role

Visitor = Callable[..., AppTest]

PLACE = """
INSERT INTO repeat_place (id, street_code, grid_code, kind, edition, class_code, reports,
                          still_open, rank, reported, last_at, geom)
SELECT id, street_code, grid_code, kind, edition, class_code, 5, 1, 2,
       ARRAY[now() - interval '2 days', now() - interval '3 days', now() - interval '20 days',
             now() - interval '40 days', now() - interval '41 days'],
       now() - interval '2 days', geom
FROM cases WHERE open ORDER BY id LIMIT 1
ON CONFLICT (id) DO UPDATE SET reported = excluded.reported, reports = 5, last_at = excluded.last_at
RETURNING (SELECT number FROM cases c WHERE c.id = repeat_place.id)
"""


def select(app: AppTest, label: str, value: object) -> AppTest:
    box = next(one for one in app.selectbox if one.label == label)
    return box.set_value(value).run()  # type: ignore[no-any-return]


def numbers(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["number"]) if app.dataframe else []


def test_a_place_is_listed_while_it_came_back_often_enough_in_the_period(
    own_district: Engine, visitor: Visitor
) -> None:
    with own_district.begin() as conn:
        conn.execute(text("DELETE FROM repeat_place"))
        number = conn.execute(text(PLACE)).scalar_one()
    app = visitor(own_district, Role.MANAGER, "repeats.py")
    assert not app.exception
    assert numbers(app) == [number]
    row = app.dataframe[0].value.iloc[0]
    assert row["reports"] == 5 and row["map"].endswith("&layers=grids,repeat_places,cases")
    app = select(app, "统计期", 30)
    assert list(app.dataframe[0].value["reports"]) == [3]
    app = select(app, "频次", 5)
    assert not app.dataframe
    assert any("没有达到该频次" in str(one.value) for one in app.success)
    app = visitor(own_district, Role.MANAGER, "repeats.py", locale="en")
    assert any("within 30 m" in str(one.value) for one in app.caption)

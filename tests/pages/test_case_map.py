"""The small map beside a case, while the database does not answer for it."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.errors import Unavailable
from gis.ui import case_map

Visitor = Callable[..., AppTest]


def _away(*_asked: object) -> None:
    raise Unavailable("The database does not answer. Try again in a moment.")


@pytest.mark.parametrize("part", ["map_facts", "map_styles", "versions"])
def test_a_case_is_shown_to_its_end_while_its_map_cannot_be_drawn(
    district: Engine, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    with district.connect() as conn:
        number = conn.execute(text("SELECT number FROM cases ORDER BY id LIMIT 1")).scalar_one()
    app = visitor(district, Role.ACCEPTOR, "case.py")
    monkeypatch.setattr(case_map, part, _away)
    app.query_params["number"] = number
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    assert [part.value for part in app.subheader][-1] == "办理经过"

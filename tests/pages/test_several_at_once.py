"""The desk of acceptors and shift leaders turned into a list from which several are chosen."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role


@pytest.mark.parametrize(
    ("role", "page"), [(Role.ACCEPTOR, "acceptance"), (Role.SHIFT_LEADER, "filing")]
)
def test_a_switch_turns_the_desk_into_a_list_for_several(
    district: Engine, visitor: Callable[..., AppTest], role: Role, page: str
) -> None:
    app = visitor(district, role, f"{page}.py")
    app.toggle(key=f"{page}.several").set_value(True).run()
    assert not app.exception
    assert [box.value for box in app.info] == ["请在左侧勾选案卷；办理前会列出每个案卷的结果。"]
    assert len(app.dataframe) == 1

"""The statistics page, post by post."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Permission, Role, permissions_of
from gis.evaluation.model import Grouping

Visitor = Callable[..., AppTest]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ARBITER])
def test_files_are_offered_to_posts_that_may_export_and_to_nobody_else(
    district: Engine, visitor: Visitor, role: Role
) -> None:
    app = visitor(district, role, "statistics.py")
    assert not app.exception and app.dataframe
    offered = [button.proto.label for button in app.get("download_button")]
    assert offered == (
        ["导出 CSV", "导出 XLSX"] if Permission.EXPORT in permissions_of(role) else []
    )


def test_the_row_of_cases_without_a_department_is_named_and_counted(
    district: Engine, visitor: Visitor
) -> None:
    app = visitor(district, Role.MANAGER, "statistics.py")
    app.selectbox(key="statistics.grouping").select_index(list(Grouping).index("department")).run()
    assert not app.exception
    groups = app.dataframe[0].value
    waiting = groups[groups["key"] == ""]
    assert waiting["group"].tolist() == ["尚未派遣"]

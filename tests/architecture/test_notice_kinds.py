"""Kinds of notices: each is given by some step or clock, and the database knows the same ones."""

import re

import pytest

from gis.cases.clocks.notices import NoticeKind
from gis.cases.clocks.tables import case_notice
from gis.ui.inbox_view import NOTICE_NAMES
from tests.architecture.sources import sources


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_kind_of_notice_is_given_by_a_step_or_a_clock(kind: NoticeKind) -> None:
    giving = [
        source.path
        for source in sources()
        if "cases" in source.path.parts
        and source.path.name != "notices.py"
        and f"NoticeKind.{kind.name}" in source.text
    ]
    assert giving, "nothing gives it"


def test_the_database_and_the_inbox_know_the_kinds_there_are() -> None:
    (check,) = (c for c in case_notice.constraints if c.name == "case_notice_kind_check")
    assert set(re.findall(r"'(\w+)'", str(check.sqltext))) == set(NoticeKind)  # type: ignore[attr-defined]
    assert set(NOTICE_NAMES) == set(NoticeKind)

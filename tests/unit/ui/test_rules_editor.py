"""Rows of the table of rules as they come back from the editor."""

import pandas as pd

from gis.dispatch.rule_drafts import COLUMNS, RuleDraft
from gis.ui.dispatch_rules.editor import _written


def test_rows_keep_the_number_that_stands_before_them_and_empty_ones_say_nothing() -> None:
    frame = pd.DataFrame(
        [
            {"area_code": "110101", "kind": "event", "class_code": "01", "department_code": "SAN"},
            {},
            {"kind": "event", "owner": " =1 ", "condition": float("nan")},
        ],
        index=[1, 3, 141],
    ).reindex(columns=list(COLUMNS))
    drafts, numbers = _written(frame)
    assert drafts == [
        RuleDraft("110101", "event", "01", "SAN"), RuleDraft("", "event", "", "", owner="=1"),
    ]  # fmt: skip
    assert numbers == ["1", "141"]

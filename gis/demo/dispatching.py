"""Which department gets which class: rules for every class of the edition in the district."""

import pandas as pd

from gis.demo.people import People
from gis.demo.sizes import DISTRICT, EDITION, read_rows

_STREETS_HANDLE = ("0136", "06")
"""Event classes that go to the street office they lie in."""


def make_rules(people: People, area: str = DISTRICT) -> pd.DataFrame:
    """Rows of `dispatch_rule` with ids: by class for the whole `area`, a few by street."""
    rows = [
        (area, kind, code, people.department_ids[row["code"]])
        for row in read_rows("departments")
        for kind in ("component", "event")
        for code in row[f"{kind}_classes"].split("|")
        if code
    ]
    offices = people.departments[people.departments["kind"] == "street"]
    rows += [
        (str(area), "event", code, int(number))
        for area, number in zip(offices["area_code"], offices["id"], strict=True)
        for code in _STREETS_HANDLE
    ]
    frame = pd.DataFrame(rows, columns=["area_code", "kind", "class_code", "department_id"])
    frame.insert(0, "id", range(1, len(frame) + 1))
    return frame.assign(edition=EDITION, note="演示规则 demo rule")


class Chosen:
    """The rule for a place and class: the longest area, then the longest class, lowest id."""

    def __init__(self, rules: pd.DataFrame) -> None:
        self._rules = sorted(
            rules.to_dict("records"),
            key=lambda r: (-len(r["area_code"]), -len(r["class_code"]), r["id"]),
        )
        self._known: dict[tuple[str, str, str], tuple[int, int]] = {}

    def rule(self, kind: str, class_code: str, grid_code: str) -> tuple[int, int]:
        """Ids of the rule and of its department."""
        key = (kind, class_code, grid_code[:9])
        if key not in self._known:
            self._known[key] = next(
                (int(r["id"]), int(r["department_id"]))
                for r in self._rules
                if r["kind"] == kind
                and class_code.startswith(r["class_code"])
                and grid_code.startswith(r["area_code"])
            )
        return self._known[key]

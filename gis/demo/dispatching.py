"""Which department gets which class: the generated dispatch rules, asked as the product asks."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from gis.demo.people import People
from gis.demo.sizes import DISTRICT, EDITION, read_rows
from gis.dispatch.model import Question, Rule
from gis.dispatch.rules import fits, rank
from gis.dispatch.windows import EVERY_DAY, Window
from gis.standards.model import Kind

_STREETS_HANDLE = ("0136", "06")
"""Event classes that go to the street office they lie in."""
_SINCE = date(2000, 1, 1)
_SPECIAL = ("condition_no", "weekdays", "starts", "ends", "valid_to")


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


def with_special_rules(
    rules: pd.DataFrame, people: People, today: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    The rules of data/demo/rules.csv after those by class, and rows of their assistants.

    Some count for hours, weekdays, a condition or a time only; two are faulty, because their
    department and their cell are gone.
    """
    areas = {
        "district": DISTRICT,
        "community": people.guest_community,
        "gone": f"{people.guest_community}999",
    }
    ids = people.department_ids
    made, helping = [], []
    for number, row in enumerate(read_rows("rules"), start=len(rules) + 1):
        made.append(
            {
                "id": number,
                "area_code": areas[row["where"]],
                "kind": row["kind"],
                "class_code": row["class_code"],
                "department_id": ids[row["department"]],
                "edition": EDITION,
                "note": row["note"],
                "condition_no": int(row["condition_no"]) if row["condition_no"] else None,
                "weekdays": f"{{{row['weekdays'].replace('|', ',')}}}" if row["weekdays"] else None,
                "starts": row["starts"] or None,
                "ends": row["ends"] or None,
                "post": row["post"],
                "owner": row["owner"],
                "valid_from": today + timedelta(days=int(row["from_days"])),
                "valid_to": _day(today, row["to_days"]),
            }
        )
        helping += [
            {"rule_id": number, "department_id": ids[code], "position": position}
            for position, code in enumerate(filter(None, row["assistants"].split("|")), start=1)
        ]
    plain = rules.assign(post="handler", owner="指挥中心（演示）", valid_from=_SINCE)
    plain = plain.assign(**dict.fromkeys(_SPECIAL))
    special = pd.DataFrame(made).astype({"condition_no": "Int64"})
    return (
        pd.concat([plain.astype({"condition_no": "Int64"}), special[plain.columns]]),
        pd.DataFrame(helping),
    )


def _day(today: date, days: str) -> date | None:
    return today + timedelta(days=int(days)) if days else None


class Chosen:
    """The rule for a place, class and moment, found by the product's own order."""

    def __init__(self, rules: pd.DataFrame, zone: ZoneInfo) -> None:
        self.zone = zone
        self._rules = sorted((_rule(row) for row in rules.to_dict("records")), key=rank)
        self._known: dict[tuple[str, str, str], list[Rule]] = {}

    def rule(self, kind: str, class_code: str, grid_code: str) -> tuple[int, int]:
        """Ids of the rule that always counts there, and of its department."""
        return _ids(next(r for r in self._around(kind, class_code, grid_code) if _always(r)))

    def rule_at(
        self, kind: str, class_code: str, grid_code: str, condition: int | None, at: datetime
    ) -> tuple[int, int]:
        """The same for a filed case at a moment."""
        asked = Question(
            grid_code=grid_code,
            kind=kind,
            edition=EDITION,
            class_code=class_code,
            condition_no=condition,
            at=at.astimezone(self.zone),
        )
        return _ids(next(r for r in self._around(kind, class_code, grid_code) if fits(r, asked)))

    def _around(self, kind: str, class_code: str, grid_code: str) -> list[Rule]:
        """Rules that speak of the class in the community, the strongest first."""
        key = (kind, class_code, grid_code[:12])
        if key not in self._known:
            self._known[key] = [
                rule
                for rule in self._rules
                if rule.kind == kind
                and class_code.startswith(rule.class_code)
                and key[2].startswith(rule.area_code)
            ]
        return self._known[key]


def _rule(row: Mapping[Any, Any]) -> Rule:
    """A row of the frame as the product reads it; cells that are null are left out there."""
    said = {name: value for name, value in row.items() if not pd.isna(value)}
    days = str(said.get("weekdays", "")).strip("{}")
    starts, ends = (_clock(said.get(name)) for name in ("starts", "ends"))
    return Rule(
        id=int(str(said["id"])),
        area_code=str(said["area_code"]),
        kind=Kind(str(said["kind"])),
        edition=EDITION,
        class_code=str(said["class_code"]),
        condition_no=int(str(said["condition_no"])) if "condition_no" in said else None,
        window=Window(tuple(map(int, days.split(","))) if days else EVERY_DAY, starts, ends),
        department_id=int(str(said["department_id"])),
        valid_from=said.get("valid_from", _SINCE),
        valid_to=said.get("valid_to"),
    )


def _clock(words: object) -> time | None:
    return time.fromisoformat(str(words)) if words else None


def _always(rule: Rule) -> bool:
    """Whether a rule counts for every condition and moment."""
    return rule.condition_no is None and rule.window.is_always and rule.valid_from == _SINCE


def _ids(rule: Rule) -> tuple[int, int]:
    return rule.id, rule.department_id

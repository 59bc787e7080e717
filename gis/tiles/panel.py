"""The lines of the details panel: codes looked up, values kept as values for the page to format."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from gis.accounts.tables import department
from gis.cases.workflow import STATES
from gis.catalog.details import Detail, words
from gis.catalog.palettes import palette
from gis.errors import Term
from gis.grids.tables import area
from gis.standards.tables import case_class, code_value
from gis.tiles.identify import Feature
from gis.wording import Wording

_PEOPLE = text("SELECT people FROM population WHERE area_code = :code ORDER BY as_of DESC LIMIT 1")


@dataclass(frozen=True)
class Line:
    """A title and a value: text, number, time or `Term`; the unit belongs to numbers."""

    title: Term
    value: Any
    unit: str = ""
    digits: int | None = None

    def text(self, wording: Wording) -> str:
        """The value as one person reads it."""
        return wording.value(self.value, self.unit, self.digits)


Lookup = Callable[[Connection, Any, dict[str, Any]], Any]


def _class_name(kind: str) -> Lookup:
    def look(conn: Connection, code: Any, row: dict[str, Any]) -> Any:
        """The name in the row's edition, with the code behind it."""
        found = conn.execute(
            select(case_class.c.name_zh, case_class.c.name_en).where(
                case_class.c.kind == row.get("kind", kind),
                case_class.c.edition == row["edition"],
                case_class.c.code == code,
            )
        ).one_or_none()
        return Term(f"{found[0]} {code}", f"{found[1]} {code}") if found else code

    return look


def _tone(name: str) -> Lookup:
    def look(_conn: Connection, code: Any, _row: dict[str, Any]) -> Any:
        tone = palette(name).get(code)
        return Term(f"{tone.title.zh} {code}", f"{tone.title.en} {code}") if tone else code

    return look


def _material(conn: Connection, code: Any, _row: dict[str, Any]) -> Any:
    found = conn.execute(
        select(code_value.c.name_zh, code_value.c.name_en)
        .where(code_value.c.list == "pipe_material", code_value.c.code == code)
        .limit(1)
    ).one_or_none()
    return Term(*found) if found else code


def _department(conn: Connection, key: Any, _row: dict[str, Any]) -> Any:
    found = conn.execute(
        select(department.c.name_zh, department.c.name_en).where(department.c.id == key)
    ).one_or_none()
    return Term(*found) if found else None


def _area(conn: Connection, code: Any, _row: dict[str, Any]) -> Any:
    found = conn.execute(
        select(area.c.name_zh, area.c.name_en).where(area.c.code == code)
    ).one_or_none()
    return Term(*found) if found else code


def _people(conn: Connection, code: Any, _row: dict[str, Any]) -> Any:
    return conn.execute(_PEOPLE, {"code": code}).scalar()


def _state(_conn: Connection, state: Any, _row: dict[str, Any]) -> Any:
    found = next((row for key, row in STATES.items() if key == state), None)
    return found.name if found else state


LOOKUPS: dict[str, Lookup] = {
    "component_class": _class_name("component"),
    "case_class": _class_name("event"),
    "pipeline_kind": _tone("pipeline_kind"),
    "land_use_2023": _tone("land_use_2023"),
    "pipe_material": _material,
    "department": _department,
    "area_name": _area,
    "people": _people,
    "case_state": _state,
}
"""Look-ups that need more than data/catalog/words.csv."""


def source_title(name: str) -> Term:
    """What the features of a source are called: unit grid, pipe segment and so on."""
    return words().get(("source", name), Term(name, name))


def looked_up(conn: Connection, detail: Detail, value: Any, row: dict[str, Any]) -> Any:
    """
    The value of one line in words, where its codes have any.

    A code without a name is shown as the code: a gap in a table must not hide a fact.
    """
    if detail.lookup is None or value is None:
        return value
    lookup = LOOKUPS.get(detail.lookup)
    if lookup is not None:
        return lookup(conn, value, row)
    return words().get((detail.lookup, str(value)), value)


def panel(conn: Connection, feature: Feature) -> list[Line]:
    """The lines of a feature in the order of the catalogue, without those that have no value."""
    lines = []
    for detail, value in feature.lines:
        shown = looked_up(conn, detail, value, feature.row)
        if shown is not None and shown != "":
            lines.append(Line(detail.title, shown, detail.unit, detail.digits))
    return lines

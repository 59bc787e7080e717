"""Filling the code tables from the files that ship with the product."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert

from gis.standards.csvfile import DATA, flag, read_table
from gis.standards.model import Confidence, Kind
from gis.standards.tables import case_class, code_value, handling_rule

Row = Mapping[str, object]

CODE_LISTS = {
    "pipeline_kind": "standards/pipeline_kinds",
    "land_use_2023": "standards/land_use_2023",
    "pipe_material": "standards/pipe_materials",
    "source": "standards/sources",
}
"""Lists of `code_value` and the file of each."""


def seed_standards(conn: Connection, *, folder: Path = DATA) -> dict[str, int]:
    """
    Write the shipped code tables; running it again changes nothing.

    A row that is already there takes the file's values. A row that left the
    file stays: old cases still name it. Rules of another city's local codes
    are not written, because no class of the editions bears those codes.

    Returns
    -------
    Rows written per table.

    Raises
    ------
    ValueError
        When a file is damaged or says a word the tables do not know.
    """
    classes = [row for kind in Kind for row in _classes(kind, folder)]
    known = {(row["kind"], row["edition"], row["code"]) for row in classes}
    rules = [row for row in _rules(folder) if _belongs(row, known)]
    values = [row for name, file in CODE_LISTS.items() for row in _values(name, file, folder)]
    _upsert(conn, case_class, classes, ["kind", "edition", "code"])
    _upsert(conn, handling_rule, rules, ["kind", "edition", "code", "condition_no"])
    _upsert(conn, code_value, values, ["list", "edition", "code"])
    return {
        case_class.name: len(classes),
        handling_rule.name: len(rules),
        code_value.name: len(values),
    }


def _classes(kind: Kind, folder: Path) -> Iterable[Row]:
    columns = [c.name for c in case_class.columns if c.name != "kind"]
    for row in read_table(f"standards/{kind}_classes", columns, folder=folder):
        yield {
            **{name: row[name] for name in columns},
            "kind": str(kind),
            "code_2026": row["code_2026"] or None,
            "confidence": str(Confidence(row["confidence"])),
            "reserved": flag(row["reserved"]),
        }


def _rules(folder: Path) -> Iterable[Row]:
    columns = [c.name for c in handling_rule.columns if c.name != "id"]
    for row in read_table("standards/handling_rules", columns, folder=folder):
        yield {
            **{name: row[name] or None for name in columns},
            "kind": str(Kind(row["kind"])),
            "condition_no": int(row["condition_no"]),
            "confidence": str(Confidence(row["confidence"])),
        }


def _belongs(row: Row, known: set[tuple[object, object, object]]) -> bool:
    return row["code"] == "*" or (row["kind"], row["edition"], row["code"]) in known


def _values(name: str, file: str, folder: Path) -> Iterable[Row]:
    needed = ["edition", "code", "name_zh", "name_en", "source", "confidence"]
    for row in read_table(file, needed, folder=folder):
        yield {
            **{column: row[column] for column in needed},
            "list": name,
            "parent_code": row.get("parent_code") or None,
            "colour": row.get("colour") or None,
            "confidence": str(Confidence(row["confidence"])),
        }


def _upsert(conn: Connection, table: Table, rows: Sequence[Row], key: Sequence[str]) -> None:
    statement = insert(table)
    changed = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in key and not column.identity
    }
    conn.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=changed),
        [dict(row) for row in rows],
    )

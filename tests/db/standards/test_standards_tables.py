"""Code tables in the database: seeded from the files, searched, and refused with a reason."""

import pytest
from sqlalchemy import Connection, func, select, text

from gis.errors import NotFound, Refused
from gis.standards.commands import seed_standards
from gis.standards.model import Confidence, Kind
from gis.standards.queries import (
    active_classes,
    class_of,
    code_values,
    limits_of_class,
    rule_of_case,
    search_classes,
)
from gis.standards.tables import case_class, code_value, handling_rule


def codes(rows: list) -> list[str]:
    return [row.code for row in rows]


def test_seeding_again_changes_nothing(conn: Connection) -> None:
    def content() -> list:
        return [
            conn.execute(select(t).order_by(*t.primary_key)).all()
            for t in (case_class, handling_rule, code_value)
        ]

    before = content()
    written = seed_standards(conn)
    assert content() == before
    tables = (case_class, handling_rule, code_value)
    assert written == {t.name: len(rows) for t, rows in zip(tables, before, strict=True)}


def test_seeding_repairs_a_changed_row_and_keeps_one_that_left_the_file(conn: Connection) -> None:
    conn.execute(
        case_class.update().where(case_class.c.code == "0101").values(name_zh="错", reserved=True)
    )
    conn.execute(
        text("UPDATE case_class SET code = '0298' WHERE code = '0201' AND edition = '2007'")
    )
    seed_standards(conn)
    found = class_of(conn, kind=Kind.COMPONENT, edition="2013", code="0101")
    assert found.name.zh == "上水井盖"
    assert class_of(conn, kind=Kind.COMPONENT, edition="2007", code="0298")


@pytest.mark.parametrize(
    ("kind", "edition", "count"),
    [
        (Kind.COMPONENT, "2007", 85),
        (Kind.COMPONENT, "2013", 118),
        (Kind.EVENT, "2013", 76),
        (Kind.EVENT, "2026", 250),
        (None, "2013", 194),
        (None, "1999", 0),
    ],
)
def test_active_classes_leave_reserved_rows_out(
    conn: Connection, kind: Kind | None, edition: str, count: int
) -> None:
    assert len(active_classes(conn, edition, kind)) == count


def test_search_finds_by_chinese_and_english_words_and_by_code(conn: Connection) -> None:
    def found(text_: str) -> list[str]:
        return [c.name.zh for c in search_classes(conn, text_, edition="2013")]

    assert found("上水井盖") == ["上水井盖"]
    assert "上水井盖" in found("井盖")
    assert "上水井盖" in found("Manhole WATER")
    assert found("0101")[:2] == ["上水井盖", "私搭乱建"]
    assert found("没有这样的类别") == []


def test_an_exact_code_stands_before_names_that_only_contain_it(conn: Connection) -> None:
    first = search_classes(conn, "0102", edition="2013", kind=Kind.EVENT)[0]
    assert first.code == "0102"


@pytest.mark.parametrize("text_", ["%", "_", "'; DROP TABLE case_class; --", "\\", "a" * 4000])
def test_search_takes_any_text_as_plain_text(conn: Connection, text_: str) -> None:
    assert search_classes(conn, text_, edition="2013") == []
    assert conn.execute(select(func.count()).select_from(case_class)).scalar_one() == 746


def test_search_returns_no_more_than_asked_for(conn: Connection) -> None:
    assert len(search_classes(conn, "", edition="2013", limit=7)) == 7


def test_a_class_has_its_edition_and_mapped_code(conn: Connection) -> None:
    found = class_of(conn, kind="event", edition="2013", code="0110")
    assert (found.name.zh, found.class_name.zh, found.code_2026) == (
        "暴露垃圾",
        "市容环境",
        "06010",
    )


@pytest.mark.parametrize(
    ("code", "edition", "error", "says"),
    [
        ("9999", "2013", NotFound, "9999"),
        ("", "2013", NotFound, "no class"),
        ("0116", "2013", Refused, "reserved in edition 2013"),
        ("0601", "2013", Refused, "edition 2013, which this district uses, but in 2007"),
        ("01001", "2013", Refused, "but in 2026"),
        ("0101", "2026", Refused, "but in 2007, 2013"),
    ],
)
def test_an_unknown_reserved_or_retired_code_is_answered_with_its_edition(
    conn: Connection, code: str, edition: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        class_of(conn, kind=Kind.COMPONENT, edition=edition, code=code)


def test_a_refused_code_says_so_in_chinese_too(conn: Connection) -> None:
    with pytest.raises(Refused) as caught:
        class_of(conn, kind=Kind.COMPONENT, edition="2013", code="01001")
    assert "2026" in caught.value.text("zh-CN")
    assert "版" in caught.value.text("zh-CN")


def test_the_limits_of_a_class_are_its_own_conditions_in_order(conn: Connection) -> None:
    rules = limits_of_class(conn, kind=Kind.COMPONENT, edition="2013", code="0101")
    assert [(int(r.limit_value), r.limit_unit) for r in rules] == [
        (2, "urgent_hour"), (4, "working_hour"), (2, "working_day"), (5, "working_day"),
    ]  # fmt: skip
    assert all(r.scope == "city:yuncheng" and not r.borrowed for r in rules)


@pytest.mark.parametrize("edition", ["2007", "2026"])
def test_a_class_without_rules_borrows_those_of_the_same_class_in_another_edition(
    conn: Connection, edition: str
) -> None:
    code = {"2007": "0101", "2026": "01001"}[edition]
    rules = limits_of_class(conn, kind=Kind.COMPONENT, edition=edition, code=code)
    assert len(rules) == 4
    assert {(r.edition, r.borrowed, r.confidence) for r in rules} == {
        ("2013", True, Confidence.INFERRED)
    }


def test_a_class_without_any_rule_gets_the_default_marked_as_proposed(conn: Connection) -> None:
    [rule] = limits_of_class(conn, kind=Kind.COMPONENT, edition="2013", code="0502")
    assert (rule.scope, rule.borrowed, rule.confidence) == ("default", True, Confidence.PROPOSED)


def test_every_active_class_of_every_edition_has_a_limit(conn: Connection) -> None:
    for edition in ("2007", "2013", "2026"):
        for c in active_classes(conn, edition):
            assert rule_of_case(conn, kind=c.kind, edition=edition, code=c.code).limit_value > 0


def test_the_condition_chosen_decides_the_rule_and_without_one_the_strictest(
    conn: Connection,
) -> None:
    def of(number: int | None) -> tuple[int, str]:
        rule = rule_of_case(
            conn, kind="component", edition="2013", code="0101", condition_no=number
        )
        return int(rule.limit_value), rule.limit_unit

    assert of(4) == (5, "working_day")
    assert of(None) == (2, "urgent_hour")
    with pytest.raises(NotFound, match="1, 2, 3, 4"):
        of(5)


@pytest.mark.parametrize(
    ("name", "edition", "count"),
    [
        ("pipeline_kind", "CJJ 61-2017", 45),
        ("land_use_2023", "2023", 175),
        ("source", None, 22),
        ("nothing", None, 0),
    ],
)
def test_code_lists_are_read_by_name_and_edition(
    conn: Connection, name: str, edition: str | None, count: int
) -> None:
    assert len(code_values(conn, name, edition)) == count


def test_every_source_named_in_the_database_is_listed(conn: Connection) -> None:
    listed = set(codes(code_values(conn, "source")))
    for table in (case_class, handling_rule, code_value):
        for source in conn.execute(select(table.c.source).distinct()).scalars():
            assert set(source.split(";")) <= listed


def test_the_codes_of_other_cities_are_not_in_the_database(conn: Connection) -> None:
    orphans = conn.execute(
        text(
            "SELECT count(*) FROM handling_rule r WHERE code <> '*' AND NOT EXISTS "
            "(SELECT FROM case_class c"
            " WHERE (c.kind, c.edition, c.code) = (r.kind, r.edition, r.code))"
        )
    ).scalar()
    assert orphans == 0

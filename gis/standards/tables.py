"""Tables of the code lists."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gis.db.columns import identity
from gis.db.metadata import metadata

case_class = Table(
    "case_class",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("edition", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("class_code", Text, nullable=False),
    Column("class_zh", Text, nullable=False),
    Column("class_en", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("code_2026", Text),
    Column("source", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("reserved", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("kind IN ('component', 'event')", name="case_class_kind_check"),
)

handling_rule = Table(
    "handling_rule",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("condition_no", Integer, nullable=False),
    Column("filing_condition_zh", Text),
    Column("filing_condition_en", Text, nullable=False),
    Column("limit_value", Numeric),
    Column("limit_unit", Text),
    Column("closing_condition_zh", Text),
    Column("closing_condition_en", Text),
    Column("scope", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    UniqueConstraint("kind", "edition", "code", "condition_no", name="one_rule_per_condition"),
)

code_value = Table(
    "code_value",
    metadata,
    Column("list", Text, primary_key=True),
    Column("edition", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("parent_code", Text),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("colour", Text),
    Column("source", Text, nullable=False),
    Column("confidence", Text, nullable=False),
)

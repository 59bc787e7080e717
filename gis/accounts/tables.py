"""Tables of persons, posts, departments, rosters and sessions."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import CITEXT

from gis.db.columns import identity
from gis.db.metadata import metadata

_LONG_AGO = text("'2000-01-01'")

department = Table(
    "department",
    metadata,
    identity(),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("area_code", Text, nullable=False, server_default=text("''")),
    Column("valid_from", Date, nullable=False, server_default=_LONG_AGO),
    Column("valid_to", Date),
    Column("version", Integer, nullable=False, server_default=text("1")),
)

person = Table(
    "person",
    metadata,
    identity(),
    Column("login", CITEXT, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("department_id", BigInteger, ForeignKey("department.id"), nullable=False),
    Column("phone", Text),
    Column("password_hash", Text),
    Column("failed_count", Integer, nullable=False, server_default=text("0")),
    Column("locked_until", DateTime(timezone=True)),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("demo", Boolean, nullable=False, server_default=text("false")),
    Column("locale", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
)

post = Table(
    "post",
    metadata,
    identity(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("valid_from", Date, nullable=False, server_default=_LONG_AGO),
    Column("valid_to", Date),
    UniqueConstraint(
        "person_id", "role", "area_code", "valid_from", name="one_post_per_role_and_area"
    ),
)

shift = Table(
    "shift",
    metadata,
    identity(),
    Column("code", Text, nullable=False, unique=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
)

duty = Table(
    "duty",
    metadata,
    Column("person_id", BigInteger, ForeignKey("person.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("shift_id", BigInteger, ForeignKey("shift.id"), primary_key=True),
)

supervisor_cell = Table(
    "supervisor_cell",
    metadata,
    Column("person_id", BigInteger, ForeignKey("person.id"), primary_key=True),
    Column("grid_code", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True, server_default=_LONG_AGO),
    Column("valid_to", Date),
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("demo", Boolean, nullable=False, server_default=text("false")),
    Column("user_agent", Text),
)

substitute = Table(
    "substitute",
    metadata,
    identity(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("substitute_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("made_by", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)

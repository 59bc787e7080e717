"""SQL that lives in files beside the module that uses it, and conditions that many files share."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

from sqlalchemy import TextClause, text

_MARK: Final = re.compile(r"\{(\w+)\((\w+)\)\}")
_COMMENT: Final = re.compile(r"^--.*\n", re.MULTILINE)


def read_sql(package: str | None, name: str) -> str:
    """The text of `<package>/sql/<name>.sql`; a missing file fails at import."""
    if package is None:
        msg = "SQL files belong to a package"
        raise ValueError(msg)
    return with_conditions((files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8"))


def load_sql(package: str | None, name: str) -> TextClause:
    """The same as a statement with bound parameters (`:name`; write CAST, not `::`)."""
    return text(read_sql(package, name))


def statement(sql: str) -> TextClause:
    """SQL of a module's own text, its marks replaced."""
    return text(with_conditions(sql))


def with_conditions(sql: str) -> str:
    """
    SQL in which a mark such as `{may_see(c)}` has become that condition about the row `c`.

    The conditions stand in `gis/db/conditions/`, each once; one may be made of others.
    """
    return _MARK.sub(lambda mark: _condition(mark[1], mark[2]), sql)


@cache
def _condition(name: str, row: str) -> str:
    file = files(__package__ or "") / "conditions" / f"{name}.sql"
    body = _COMMENT.sub("", file.read_text(encoding="utf-8")).strip()
    return with_conditions(body.replace("{row}", row).replace("(row)", f"({row})"))

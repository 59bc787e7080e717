"""SQL that lives in files beside the module that uses it."""

from importlib.resources import files

from sqlalchemy import TextClause, text


def read_sql(package: str | None, name: str) -> str:
    """The text of `<package>/sql/<name>.sql`; a missing file fails at import."""
    if package is None:
        msg = "SQL files belong to a package"
        raise ValueError(msg)
    return (files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def load_sql(package: str | None, name: str) -> TextClause:
    """The same as a statement with bound parameters (`:name`; write CAST, not `::`)."""
    return text(read_sql(package, name))

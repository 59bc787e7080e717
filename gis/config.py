"""Settings of one process: read once from the environment, then frozen."""

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder that holds the product: `gis/`, `pages/`, `data/`."""


@dataclass(frozen=True)
class Settings:
    """
    What a process needs to know before it touches anything.

    Everything a district may want to change while it runs (editions, time
    limits, session lengths) lives in the database instead.
    """

    home: Path
    """Holds the cluster, uploaded files, logs and secrets of this copy."""
    port: int
    """Port of the web process on 127.0.0.1."""
    database_url: str | None
    """A server of yours, as the application role; None: the project's own cluster."""
    owner_database_url: str | None
    """The same database as the role that owns it (migrations)."""
    real_data: Path | None
    """Folder of the real data sets that tests read; None when there is none."""
    chrome: Path | None
    """Browser of the tests; None: Debian's chromium."""
    work_srid: int
    """Projected CRS of lengths and areas, fixed when a database is created."""


FALLBACK_HOMES = Path("/var/lib/wanmi")
"""Where root's copies live when their checkout is closed to other users."""


def default_home() -> Path:
    """
    `var/` in the checkout, or a folder named by the checkout under `/var/lib/wanmi`.

    PostgreSQL refuses to run as root, and the user it then runs as cannot pass a folder such
    as `/root`. Whether the folders are open to others decides, not whether that user exists
    already: the answer must be the same before and after the installation.
    """
    home = CHECKOUT / "var"
    if os.geteuid() == 0 and not all(f.stat().st_mode & stat.S_IXOTH for f in home.parents):
        return FALLBACK_HOMES / checkout_hash()
    return home


def checkout_hash(length: int = 10) -> str:
    """A short name for this checkout, the same at every start."""
    return hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:length]


def _path(value: str | None) -> Path | None:
    return Path(value).expanduser().resolve() if value else None


def _real_data(env: Mapping[str, str]) -> Path | None:
    told = _path(env.get("WANMI_REAL_DATA"))
    if told is not None:
        return told
    beside = CHECKOUT.parent / "shared" / "data"
    return beside if beside.is_dir() else None


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """
    Read the environment.

    Raises
    ------
    ValueError
        When a number is not one; the message names the variable.
    """

    def number(name: str, default: int) -> int:
        text = env.get(name) or str(default)
        if not text.isdigit():
            msg = f"{name} must be a whole number, not {text!r}"
            raise ValueError(msg)
        return int(text)

    return Settings(
        home=_path(env.get("WANMI_HOME")) or default_home(),
        port=number("WANMI_PORT", 8501),
        database_url=env.get("DATABASE_URL") or None,
        owner_database_url=env.get("WANMI_OWNER_DATABASE_URL") or env.get("DATABASE_URL") or None,
        real_data=_real_data(env),
        chrome=_path(env.get("CHROME")),
        work_srid=number("WANMI_WORK_SRID", 4548),
    )

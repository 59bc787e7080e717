"""Where a copy of Wanmi keeps things, and how one connects to its cluster."""

import hashlib
import json
import os
import re
import secrets
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from gis.errors import Unavailable
from gis.i18n import N_

DATABASE = "wanmi"
SUPERUSER = "postgres"
OWNER_ROLE = "wanmi_owner"
APP_ROLE = "wanmi_app"

# Sockets have no ports to collide, but their file name needs a number. Always the same one.
PORT = 5432


@dataclass(frozen=True)
class ClusterUrls:
    """How SQLAlchemy connects to one database of the cluster, as each of its three roles."""

    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)
    superuser_url: str = field(repr=False)
    """In the database `postgres`: who copies `wanmi` must not be connected to it."""
    socket_dir: Path
    started: bool
    """Whether this call started the server; who started it stops it."""

    def to_database(self, name: str) -> "ClusterUrls":
        """The same roles in another database of this cluster, such as a test's own copy."""

        def swap(url: str) -> str:
            return re.sub(r"@/[^?]+", f"@/{name}", url)

        return replace(
            self,
            owner_url=swap(self.owner_url),
            app_url=swap(self.app_url),
            superuser_url=swap(self.superuser_url),
        )


@dataclass(frozen=True)
class Layout:
    """The folders of one `WANMI_HOME`."""

    home: Path

    @property
    def pg(self) -> Path:
        """All that belongs to PostgreSQL; owned by the operating system user it runs as."""
        return self.home / "pg"

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.pg / "data"

    @property
    def server_log(self) -> Path:
        """What the server says before it opens its own log in `pg/log`."""
        return self.pg / "server.log"

    @property
    def files(self) -> Path:
        """Attachments by content hash."""
        return self.home / "files"

    @property
    def log(self) -> Path:
        """Logs of the web process and the worker."""
        return self.home / "log"

    @property
    def run(self) -> Path:
        """Locks and process ids."""
        return self.home / "run"

    @property
    def secrets(self) -> Path:
        """Passwords and keys, readable by their owner only."""
        return self.home / "secrets"

    @property
    def password_file(self) -> Path:
        """Passwords of the three database roles (JSON, 0600)."""
        return self.secrets / "cluster.json"

    @property
    def lock_file(self) -> Path:
        """Held while the cluster is created, started or stopped."""
        return self.run / "cluster.lock"

    @cached_property
    def socket_dir(self) -> Path:
        """
        A private folder with a short name, the same at every start.

        Not inside `home`, because the path of a socket must stay below 108 bytes, and not in
        `TMPDIR` or `XDG_RUNTIME_DIR`, because two processes of one copy may disagree on them.
        """
        name = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
        return Path("/tmp") / f"wanmi-{name}"  # noqa: S108  0700 and checked before each start

    def has_cluster(self) -> bool:
        """Whether `data` holds a complete cluster (initdb runs elsewhere and is moved here)."""
        return (self.data / "PG_VERSION").exists()

    def passwords(self) -> dict[str, str]:
        """
        Passwords by role; made at the first call.

        Raises
        ------
        Unavailable
            When the cluster exists and its passwords are gone.
        """
        if self.password_file.exists():
            stored: dict[str, str] = json.loads(self.password_file.read_text())
            return stored
        if self.has_cluster():
            raise Unavailable(
                N_(
                    "The passwords of the cluster, {file}, are missing: put the file back from "
                    "a backup of {folder}, or remove {pg} to start with an empty database."
                ),
                file=self.password_file,
                folder=self.secrets,
                pg=self.pg,
            )
        made = {r: secrets.token_urlsafe(24) for r in (SUPERUSER, OWNER_ROLE, APP_ROLE)}
        write_private(self.password_file, json.dumps(made))
        return made

    def urls(self, *, started: bool = False) -> ClusterUrls:
        """How to connect; says nothing about whether the server runs."""
        passwords = self.passwords()
        where = f"host={quote(str(self.socket_dir), safe='')}&port={PORT}"

        def url(role: str, database: str = DATABASE) -> str:
            return f"postgresql+psycopg://{role}:{quote(passwords[role])}@/{database}?{where}"

        return ClusterUrls(
            owner_url=url(OWNER_ROLE),
            app_url=url(APP_ROLE),
            superuser_url=url(SUPERUSER, "postgres"),
            socket_dir=self.socket_dir,
            started=started,
        )


def app_url(home: Path) -> str:
    """
    How the application connects to the cluster of `home`, which somebody else started.

    Raises
    ------
    Unavailable
        When there is no cluster yet.
    """
    layout = Layout(home.resolve())
    if not layout.password_file.exists():
        raise Unavailable(
            N_("There is no database in {home} yet: run script/server, or set DATABASE_URL."),
            home=home,
        )
    return layout.urls().app_url


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all, even when the power fails."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

"""PostgreSQL's programs: which ones this machine has, and as whom they run."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gis.errors import Unavailable
from gis.i18n import N_

OS_USER = "postgres"
"""The operating system user that the server runs as when we are root; it refuses to be root."""

NOT_INSTALLED = N_(
    "PostgreSQL with PostGIS is not installed: run script/setup, "
    "or set DATABASE_URL to a server of yours."
)


@dataclass(frozen=True)
class Programs:
    """The programs of one major version."""

    major: int
    folder: Path

    def path(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)


def server_ids() -> tuple[int, int]:
    """User and group id that own the cluster's files and run its processes."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        user = pwd.getpwnam(OS_USER)
    except KeyError:
        raise Unavailable(NOT_INSTALLED, detail=f"no OS user {OS_USER}") from None
    return user.pw_uid, user.pw_gid


def run_as_server(
    command: Sequence[object], *, stdin: str = "", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """
    Run a program as the cluster's operating system user, its two outputs joined.

    Secrets go through `stdin` or `env`, never into the arguments that `ps` shows. The child gets
    a session of its own, so that Ctrl-C in our terminal does not reach the server.
    """
    identity: dict[str, object] = {}
    if os.geteuid() == 0:
        uid, gid = server_ids()
        identity = {"user": uid, "group": gid, "extra_groups": []}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]  # noqa: S603  ours
        [str(part) for part in command],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": "/", **(env or {})},
        start_new_session=True,
        umask=0o077,
        **identity,
    )


def _folders() -> list[Path]:
    """Where distributions put the server: Debian and Ubuntu, Red Hat, then the search path."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    on_path = shutil.which("initdb")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def _has_postgis(major: int, folder: Path) -> bool:
    prefix = folder.parent
    shares = (f"/usr/share/postgresql/{major}", prefix / "share", prefix / "share/postgresql")
    return any(Path(share, "extension/postgis.control").exists() for share in shares)


@cache
def _major(folder: Path) -> int | None:
    """The major version of the server in `folder`; None: no server there."""
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        return None
    # Debian names the folder after the version; asking the program costs 10 ms each start.
    if folder.parent.name.isdigit():
        return int(folder.parent.name)
    version = re.search(r"(\d+)", run_as_server([folder / "postgres", "--version"]).stdout)
    return int(version[1]) if version else None


def installed() -> list[Programs]:
    """Every server with PostGIS on this machine, the newest first."""
    found = {m: Programs(m, f) for f in _folders() if (m := _major(f)) and _has_postgis(m, f)}
    return [found[major] for major in sorted(found, reverse=True)]


def newest() -> Programs:
    """The server a new cluster is made with."""
    have = installed()
    if not have:
        raise Unavailable(NOT_INSTALLED)
    return have[0]


def of_major(major: int, data: Path) -> Programs:
    """The server that can open an existing cluster; a major version reads only its own files."""
    have = installed()
    for programs in have:
        if programs.major == major:
            return programs
    raise Unavailable(
        N_(
            "The cluster in {data} belongs to PostgreSQL {major}, and this machine has "
            "{have}: install postgresql-{major} and postgresql-{major}-postgis-3, "
            "or move the data as docs/operations.md describes."
        ),
        data=data,
        major=major,
        have=", ".join(str(p.major) for p in have) or "-",
    )

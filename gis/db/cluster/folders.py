"""The folders of a copy: made, private, reachable, with room; or one sentence why not."""

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gis.db.cluster.layout import Layout
from gis.db.cluster.programs import OS_USER, run_as_server, server_ids
from gis.errors import Unavailable
from gis.i18n import N_

Say = Callable[[str], None]

MIN_FREE_MIB = 512
"""A new cluster takes 60 MiB; the rest is the demo district and its write-ahead log."""

LOCK_PATIENCE_S = 180.0


def free_space_error(folder: Path, free_mib: int, needed_mib: int) -> Unavailable:
    """Not enough room, in one sentence."""
    return Unavailable(
        N_(
            "Only {free} MiB are free under {folder} and {needed} MiB are needed: make room, "
            "or set WANMI_HOME to a folder on another disk."
        ),
        free=free_mib,
        folder=folder,
        needed=needed_mib,
    )


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses under `folder` into a sentence that names the remedy."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise free_space_error(folder, 0, MIN_FREE_MIB) from error
        if error.errno == errno.EROFS:
            message = N_("{place} is on a read-only disk: set WANMI_HOME to a writable folder.")
        elif error.errno in {errno.EACCES, errno.EPERM}:
            message = N_(
                "{place} belongs to somebody else: run as its owner, "
                "or set WANMI_HOME to a folder of yours."
            )
        else:
            message = N_(
                "{place} cannot be used ({reason}): set WANMI_HOME to a folder on a local disk."
            )
        raise Unavailable(
            message, detail=str(error), place=place, reason=error.strerror or str(error)
        ) from error


def _existing_ancestors(folder: Path) -> list[Path]:
    """`folder` and the folders above it that exist, from the root down."""
    return [p for p in (*reversed(folder.parents), folder) if p.is_dir()]


def check_reachable(home: Path) -> None:
    """
    Every folder down to `home` must let PostgreSQL's user pass.

    Raises
    ------
    Unavailable
        Naming the first folder that does not.
    """
    if os.geteuid() != 0:
        return
    look = 'for folder; do test -x "$folder" || { printf %s "$folder"; exit 1; }; done'
    answer = run_as_server(["/bin/sh", "-c", look, "look", *_existing_ancestors(home)])
    if answer.returncode != 0:
        raise Unavailable(
            N_(
                "PostgreSQL's operating system user {user} may not enter {folder}: "
                "set WANMI_HOME to a folder such as /var/lib/wanmi/1, or run chmod o+x {folder}."
            ),
            user=OS_USER,
            folder=answer.stdout or home,
        )


def _make(folder: Path, mode: int) -> None:
    """Make a folder; one that is there stays as it is, since it may not be ours alone."""
    try:
        folder.mkdir(mode)
    except FileExistsError:
        return
    folder.chmod(mode)  # whatever the umask


def prepare_home(layout: Layout) -> None:
    """Make the folders of a copy; harmless when they exist and while others do the same."""
    with explained(layout.home):
        for ancestor in reversed(layout.home.parents):
            _make(ancestor, 0o755)
        # as root, PostgreSQL's user passes through home to its own folder, and sees nothing else
        _make(layout.home, 0o711 if os.geteuid() == 0 else 0o700)
        for private in (layout.files, layout.log, layout.run, layout.secrets):
            _make(private, 0o700)


def prepare_pg(layout: Layout) -> None:
    """Make the folder of the cluster, owned by the user that the server runs as; lock held."""
    owner = server_ids()
    with explained(layout.home):
        _make(layout.pg, 0o700)
        if layout.pg.stat().st_uid == owner[0]:
            return
        if any(layout.pg.iterdir()):
            raise PermissionError(errno.EPERM, "other owner", str(layout.pg))
        os.chown(layout.pg, *owner)


def make_socket_dir(layout: Layout) -> None:
    """
    Make the private folder of the socket, or check that the one that is there is ours.

    Everybody may write in /tmp: a link or a folder of somebody else is refused.
    """
    folder, owner = layout.socket_dir, server_ids()
    with explained(folder):
        try:
            folder.mkdir(mode=0o700)
            os.chown(folder, *owner)
        except FileExistsError:
            held = folder.lstat()
            if folder.is_symlink() or not folder.is_dir() or held.st_uid != owner[0]:
                raise Unavailable(
                    N_("{folder} was made by somebody else: remove it, then start again."),
                    folder=folder,
                ) from None
            folder.chmod(0o700)


def check_space(folder: Path, needed_mib: int) -> None:
    """Refuse to create a cluster where it would soon fill the disk."""
    free_mib = shutil.disk_usage(folder).free >> 20
    if free_mib < needed_mib:
        raise free_space_error(folder, free_mib, needed_mib)


@contextmanager
def locked(layout: Layout, say: Say) -> Iterator[None]:
    """Only one process at a time creates, starts or stops; a killed one gives its lock back."""
    with explained(layout.home):
        descriptor = os.open(layout.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + LOCK_PATIENCE_S
        told = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    say("another process is starting or stopping the cluster; waiting for it")
                    told = True
                if time.monotonic() > until:
                    raise Unavailable(
                        N_(
                            "Another process has held {file} for three minutes: look with "
                            "'fuser {file}' which one, end it, then start again."
                        ),
                        file=layout.lock_file,
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)

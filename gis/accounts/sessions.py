"""Sessions of the web: an opaque token outside, its hash in the database, revocable at once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, text, update

from gis.accounts.model import Actor, Role, scope_of
from gis.accounts.tables import person, web_session
from gis.db.settings import DEFAULTS, read_settings_of
from gis.db.sqlfile import load_sql

COOKIE = "wanmi_session"
"""The cookie that carries the token to both borders."""
LOCALE_COOKIE = "wanmi_locale"
"""The language somebody chose before signing in."""
TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)
"""How stale `last_seen_at` may get: one write a minute instead of one a request."""
USER_AGENT_MOST = 200

_ACTOR = load_sql(__package__, "actor_of_session")


def hash_of(token: str) -> bytes:
    """What the database knows of a token. The token has 256 random bits: no salt is needed."""
    return hashlib.sha256(token.encode()).digest()


def open_session(
    conn: Connection, *, person_id: int, now: datetime, demo: bool = False, user_agent: str = ""
) -> tuple[str, datetime]:
    """Start a session; answers the token (shown only here) and its absolute end."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    hours = read_settings_of(conn, "session_absolute_hours")["session_absolute_hours"]
    expires_at = now + timedelta(hours=float(hours))
    conn.execute(
        insert(web_session).values(
            token_hash=hash_of(token),
            person_id=person_id,
            created_at=now,
            last_seen_at=now,
            expires_at=expires_at,
            demo=demo,
            user_agent=user_agent[:USER_AGENT_MOST],
        )
    )
    return token, expires_at


def actor_of_session(conn: Connection, token: str | None, *, now: datetime) -> Actor | None:
    """
    The person behind a token, with roles and scope of the posts valid today; None: nobody.

    Nobody is there when the token is unknown, revoked, idle for too long, past its absolute
    end, or its person was deactivated. "Today" is the district's day. The scope is the union
    of the areas of all posts: two posts in two streets see both streets.
    """
    if not token:
        return None
    row = conn.execute(
        _ACTOR,
        {
            "token_hash": hash_of(token),
            "now": now,
            "zone": DEFAULTS["time_zone"],
            "idle_minutes": float(DEFAULTS["session_idle_minutes"]),
        },
    ).one_or_none()
    if row is None:
        return None
    if row.last_seen_at < now - SEEN_EVERY:
        _touch(conn, token, now)
    roles = frozenset(Role(post["role"]) for post in row.posts)
    only_handles = roles == {Role.HANDLER}
    return Actor(
        person_id=row.person_id,
        name=row.name,
        login=row.login,
        department_id=row.department_id,
        roles=roles,
        scope=scope_of(
            (post["area_code"] for post in row.posts),
            row.department_id if only_handles else None,
            row.stands_for,
        ),
        locale=row.locale or "",
        demo=row.demo,
    )


def _touch(conn: Connection, token: str, now: datetime) -> None:
    conn.execute(
        update(web_session)
        .where(web_session.c.token_hash == hash_of(token), web_session.c.last_seen_at < now)
        .values(last_seen_at=now)
    )


def end_session(conn: Connection, token: str, *, now: datetime) -> None:
    """Sign out: the token is worth nothing from now on."""
    conn.execute(
        update(web_session)
        .where(web_session.c.token_hash == hash_of(token), web_session.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_sessions_of(conn: Connection, person_id: int, *, now: datetime) -> int:
    """End every session of a person; answers how many there were."""
    done = conn.execute(
        update(web_session)
        .where(web_session.c.person_id == person_id, web_session.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return int(done.rowcount)


def end_demo_sessions(conn: Connection, *, now: datetime) -> int:
    """End every one-click session: a real account has appeared."""
    done = conn.execute(
        update(web_session)
        .where(web_session.c.demo, web_session.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return int(done.rowcount)


def demo_is_open(conn: Connection) -> bool:
    """
    Whether one-click sign-in is possible: a generated district that never had a real account.

    One that was deactivated ended it too: work that was real is not opened to everybody again.
    """
    return bool(
        conn.execute(
            text(
                "SELECT EXISTS (SELECT 1 FROM setting WHERE key = 'demo')"
                " AND NOT EXISTS (SELECT 1 FROM person WHERE NOT demo)"
            )
        ).scalar()
    )


def demo_person_of(conn: Connection, role: Role, *, now: datetime) -> int | None:
    """The demo person to become for a role: the one whose post was made first."""
    return conn.execute(
        text(
            "SELECT p.id FROM person p JOIN post o ON o.person_id = p.id"
            " WHERE p.demo AND p.active AND o.role = :role AND o.valid_from <= CAST(:now AS date)"
            " AND (o.valid_to IS NULL OR o.valid_to > CAST(:now AS date))"
            " ORDER BY o.id LIMIT 1"
        ),
        {"role": role.value, "now": now},
    ).scalar()


def demo_roles(conn: Connection) -> list[Role]:
    """The roles that some demo person has, in the order of the role table."""
    rows = conn.execute(
        text(
            "SELECT DISTINCT o.role FROM post o JOIN person p ON p.id = o.person_id"
            " WHERE p.demo AND p.active AND o.valid_to IS NULL LIMIT 50"
        )
    )
    held = {row.role for row in rows}
    return [role for role in Role if role.value in held]


def save_locale(conn: Connection, person_id: int, locale: str) -> None:
    """Remember the language a person chose."""
    conn.execute(update(person).where(person.c.id == person_id).values(locale=locale))


def enter_demo(
    conn: Connection, role: Role, *, now: datetime, user_agent: str = ""
) -> tuple[str, datetime] | None:
    """Open a one-click session as the demo person of a role; None where there is no demo."""
    person_id = demo_person_of(conn, role, now=now) if demo_is_open(conn) else None
    if person_id is None:
        return None
    return open_session(conn, person_id=person_id, now=now, demo=True, user_agent=user_agent)

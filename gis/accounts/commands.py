"""Changes to persons: made, changed, deactivated, given passwords."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, insert, or_, select, text, update

from gis.accounts.model import Actor, Permission, Role, acting_role, require, require_area
from gis.accounts.people_rules import PersonDraft, check_person
from gis.accounts.sessions import end_demo_sessions, end_sessions_of
from gis.accounts.tables import department, person, post
from gis.audit import trail
from gis.db.settings import read_setting
from gis.errors import Conflict, Invalid, NotFound, Refused, fault
from gis.i18n import N_

_SEEN = text(
    "SELECT NOT EXISTS (SELECT FROM post WHERE person_id = :id) OR EXISTS ("
    " SELECT FROM post WHERE person_id = :id AND area_code ^@ ANY(CAST(:scope AS text[])))"
)


def note(
    conn: Connection,
    actor: Actor,
    kind: str,
    subject_id: int,
    action: str,
    now: datetime,
    permission: Permission = Permission.MANAGE_PEOPLE,
    /,
    **data: Any,
) -> None:
    """Add one event to the trail, under the role that allowed the change."""
    trail.record(
        conn,
        subject_type=kind,
        subject_id=subject_id,
        actor_id=actor.person_id,
        role=acting_role(actor, permission),
        action=action,
        at=now,
        data=data,
    )


def locked_person(
    conn: Connection, actor: Actor, person_id: int, expected_version: int | None = None
) -> Row[Any]:
    """
    The row of a person, locked until the transaction ends.

    Raises
    ------
    NotFound
        Nobody has this id, or all their posts lie outside the actor's area.
    Conflict
        Somebody changed the person after `expected_version` was read.
    """
    row = conn.execute(select(person).where(person.c.id == person_id).with_for_update()).first()
    seen = {"id": person_id, "scope": actor.scope.as_list()}
    if row is None or not conn.execute(_SEEN, seen).scalar():
        raise NotFound(N_("There is no such person."))
    if expected_version is not None and row.version != expected_version:
        raise changed_meanwhile(conn, "person", person_id)
    return row


def _require_every_post_here(conn: Connection, actor: Actor, person_id: int, now: datetime) -> None:
    """
    Go on only when every post of a person lies in the actor's area.

    Who could set the password of somebody with wider posts would hold those posts.
    """
    held = select(post.c.area_code).where(
        post.c.person_id == person_id,
        post.c.valid_to.is_(None) | (post.c.valid_to > now.date()),
    )
    for row in conn.execute(held.order_by(post.c.area_code).limit(1000)):
        require_area(actor, row.area_code)


def changed_meanwhile(conn: Connection, kind: str, subject_id: int) -> Conflict:
    """The answer to who comes second: who changed it and when, in the district's time."""
    last = conn.execute(
        text(
            "SELECT e.at, p.name FROM audit_event e LEFT JOIN person p ON p.id = e.actor_id"
            " WHERE e.subject_type = :kind AND e.subject_id = :id ORDER BY e.seq DESC LIMIT 1"
        ),
        {"kind": kind, "id": subject_id},
    ).first()
    zone = ZoneInfo(str(read_setting(conn, "time_zone")))
    return Conflict(
        N_("{name} changed this at {at}. Look at the new state, then change it again if needed."),
        name=(last.name if last else None) or "–",
        at=last.at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if last else "–",
    )


def _require_department(conn: Connection, department_id: int) -> None:
    query = select(department.c.id).where(
        department.c.id == department_id, department.c.valid_to.is_(None)
    )
    if conn.execute(query).first() is None:
        raise Invalid(
            N_("Some fields need another look."),
            faults=[fault("department_id", N_("There is no such department."))],
        )


def create_person(conn: Connection, *, actor: Actor, draft: PersonDraft, now: datetime) -> int:
    """
    Add a person without posts; answers the id.

    A login is never used twice, not even after its person has left. What an actor of the
    generated district makes belongs to that district too; the first real person ends
    one-click sign-in and every session opened with it.

    Raises
    ------
    Forbidden, Invalid
    """
    require(actor, Permission.MANAGE_PEOPLE)
    check_person(draft)
    _require_department(conn, draft.department_id)
    made = conn.execute(
        text(
            "INSERT INTO person (login, name, department_id, phone, demo, created_at)"
            " VALUES (:login, :name, :department_id, NULLIF(:phone, ''), :demo, :now)"
            " ON CONFLICT (login) DO NOTHING RETURNING id"
        ),
        {**asdict(draft), "name": draft.name.strip(), "demo": actor.demo, "now": now},
    ).scalar()
    if made is None:
        raise Invalid(
            N_("Some fields need another look."),
            faults=[fault("login", N_("This login is or was somebody's; choose another."))],
        )
    if not actor.demo:
        end_demo_sessions(conn, now=now)
    note(conn, actor, "person", made, "created", now, login=draft.login, name=draft.name)
    return int(made)


def update_person(
    conn: Connection, *, actor: Actor, person_id: int, draft: PersonDraft, now: datetime,
    expected_version: int,
) -> None:  # fmt: skip
    """
    Change name, department and phone; the login stays what it is.

    Raises
    ------
    Forbidden, NotFound, Invalid, Conflict
    """
    require(actor, Permission.MANAGE_PEOPLE)
    row = locked_person(conn, actor, person_id, expected_version)
    check_person(PersonDraft(row.login, draft.name, draft.department_id, draft.phone))
    _require_department(conn, draft.department_id)
    new = {
        "name": draft.name.strip(),
        "department_id": draft.department_id,
        "phone": draft.phone or None,
    }
    changed = {key: value for key, value in new.items() if getattr(row, key) != value}
    if not changed:
        return
    conn.execute(
        update(person)
        .where(person.c.id == person_id)
        .values(**changed, version=person.c.version + 1)
    )
    # The phone number itself stays out of the trail: it outlives what may be kept.
    shown: dict[str, Any] = {k: "changed" if k == "phone" else v for k, v in changed.items()}
    note(conn, actor, "person", person_id, "changed", now, **shown)


def deactivate_person(
    conn: Connection, *, actor: Actor, person_id: int, now: datetime, expected_version: int
) -> int:
    """
    End a person's access at once; answers how many sessions ended.

    Posts and history stay. The last administrator and oneself are refused.

    Raises
    ------
    Forbidden, NotFound, Conflict, Refused
    """
    require(actor, Permission.MANAGE_PEOPLE)
    row = locked_person(conn, actor, person_id, expected_version)
    _require_every_post_here(conn, actor, person_id, now)
    if person_id == actor.person_id:
        raise Refused(N_("Nobody deactivates themselves. Ask another administrator."))
    require_other_administrator(conn, person_id)
    conn.execute(
        update(person)
        .where(person.c.id == person_id)
        .values(active=False, version=person.c.version + 1)
    )
    note(conn, actor, "person", person_id, "deactivated", now, login=str(row.login))
    return end_sessions_of(conn, person_id, now=now)


def activate_person(
    conn: Connection, *, actor: Actor, person_id: int, now: datetime, expected_version: int
) -> None:
    """
    Give a deactivated person access again, with the posts that are still valid.

    Raises
    ------
    Forbidden, NotFound, Conflict
    """
    require(actor, Permission.MANAGE_PEOPLE)
    locked_person(conn, actor, person_id, expected_version)
    _require_every_post_here(conn, actor, person_id, now)
    conn.execute(
        update(person)
        .where(person.c.id == person_id)
        .values(active=True, version=person.c.version + 1)
    )
    note(conn, actor, "person", person_id, "activated", now)


def require_other_administrator(conn: Connection, person_id: int) -> None:
    """
    Go on only when somebody else administers too.

    A generated person does not stand in for a real one: once there is a real account, nobody
    signs in as a generated one.

    Raises
    ------
    Refused
        `person_id` is the only active administrator.
    """
    # One at a time: two administrators removing each other at once would leave none.
    conn.execute(text("SELECT pg_advisory_xact_lock(hashtext('administrators'))"))
    generated = select(person.c.demo).where(person.c.id == person_id).scalar_subquery()
    holders = (
        select(func.distinct(post.c.person_id))
        .join(person, person.c.id == post.c.person_id)
        .where(post.c.role == Role.ADMINISTRATOR.value, post.c.valid_to.is_(None), person.c.active)
        .where(or_(person.c.demo.is_(False), generated))
    )
    ids = {row[0] for row in conn.execute(holders.limit(1000))}
    if ids == {person_id}:
        raise Refused(N_("This is the last administrator. Give the post to somebody else first."))


def set_password(
    conn: Connection, *, actor: Actor, person_id: int, password_hash: str, now: datetime
) -> int:
    """
    Store a new password's hash, open the lock, end the person's sessions; answers how many.

    The password is checked and hashed outside (`passwords`), where no connection waits.
    Generated persons get none: they are for one-click sign-in only.

    Raises
    ------
    Forbidden, NotFound, Refused
    """
    if person_id != actor.person_id:
        require(actor, Permission.MANAGE_PEOPLE)
    row = locked_person(conn, actor, person_id)
    if person_id != actor.person_id:
        _require_every_post_here(conn, actor, person_id, now)
    if row.demo:
        raise Refused(N_("Persons of the generated district have no password."))
    conn.execute(
        update(person)
        .where(person.c.id == person_id)
        .values(password_hash=password_hash, failed_count=0, locked_until=None)
    )
    note(conn, actor, "person", person_id, "password_set", now)
    return end_sessions_of(conn, person_id, now=now)


def revoke_sessions(conn: Connection, *, actor: Actor, person_id: int, now: datetime) -> int:
    """
    End every session of a person at once, without taking anything else; answers how many.

    Raises
    ------
    Forbidden, NotFound
    """
    require(actor, Permission.MANAGE_PEOPLE)
    locked_person(conn, actor, person_id)
    _require_every_post_here(conn, actor, person_id, now)
    ended = end_sessions_of(conn, person_id, now=now)
    note(conn, actor, "person", person_id, "sessions_ended", now, sessions=ended)
    return ended


def create_administrator(
    conn: Connection, *, actor: Actor, draft: PersonDraft, area_code: str, password_hash: str,
    now: datetime,
) -> int:  # fmt: skip
    """Add a real person with the administrator's post over `area_code`; answers the id."""
    person_id = create_person(conn, actor=actor, draft=draft, now=now)
    conn.execute(
        insert(post).values(person_id=person_id, role=Role.ADMINISTRATOR.value, area_code=area_code)
    )
    note(conn, actor, "person", person_id, "post_given", now, role="administrator", area=area_code)
    set_password(conn, actor=actor, person_id=person_id, password_hash=password_hash, now=now)
    return person_id

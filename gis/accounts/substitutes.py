"""
Who does somebody's work while they are away, and from when until when.

A substitute gets no right: he or she holds the same posts over the same areas already. What the
window adds is the tasks that carry the absent person's name. It ends by itself.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from gis.accounts.commands import locked_person, note
from gis.accounts.model import Actor, Permission, Role, require, role_terms
from gis.errors import Invalid, NotFound, Refused, fault
from gis.i18n import N_

LONGEST_DAYS: Final = 92
TASK_ROLES: Final = (
    Role.SUPERVISOR, Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.HANDLER, Role.ARBITER,
)  # fmt: skip
"""Roles whose tasks wait in queues."""
SHOWN_MOST: Final = 50

_POSTS = text(
    "SELECT role, area_code FROM post WHERE person_id = :id AND role = ANY(CAST(:roles AS text[]))"
    " AND valid_from <= :last AND (valid_to IS NULL OR valid_to > :first) ORDER BY id LIMIT 200"
)
_COVERS = text(
    "SELECT EXISTS (SELECT FROM post WHERE person_id = :id AND role = :role"
    " AND valid_from <= :first AND (valid_to IS NULL OR valid_to > :last)"
    " AND :area_code ^@ area_code)"
)
_OVERLAP = text(
    "SELECT EXISTS (SELECT FROM substitute WHERE person_id = :id AND ended_at IS NULL"
    " AND first_day <= :last AND last_day >= :first)"
)
_MAKE = text(
    "INSERT INTO substitute (person_id, substitute_id, first_day, last_day, made_by, made_at)"
    " VALUES (:person_id, :substitute_id, :first, :last, :made_by, :now) RETURNING id"
)
_WINDOWS = text(
    "SELECT s.id, s.person_id, absent.name AS person, s.substitute_id, other.name AS substitute,"
    " s.first_day, s.last_day FROM substitute s JOIN person absent ON absent.id = s.person_id"
    " JOIN person other ON other.id = s.substitute_id"
    " WHERE (s.person_id = :id OR s.substitute_id = :id) AND s.ended_at IS NULL"
    " AND s.last_day >= :today ORDER BY s.first_day, s.id LIMIT :most"
)
_CANDIDATES = text(
    "SELECT p.id, p.name FROM person p WHERE p.active AND p.id <> :id"
    " AND (NOT :same_department OR p.department_id = :department_id)"
    " AND NOT EXISTS (SELECT FROM post mine WHERE mine.person_id = :id"
    " AND mine.role = ANY(CAST(:roles AS text[])) AND mine.valid_from <= :today"
    " AND (mine.valid_to IS NULL OR mine.valid_to > :today)"
    " AND NOT EXISTS (SELECT FROM post theirs WHERE theirs.person_id = p.id"
    " AND theirs.role = mine.role AND mine.area_code ^@ theirs.area_code"
    " AND theirs.valid_from <= :today AND (theirs.valid_to IS NULL OR theirs.valid_to > :today)))"
    " ORDER BY p.name, p.id LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which one person does another one's work."""

    id: int
    person_id: int
    person: str
    substitute_id: int
    substitute: str
    first_day: date
    last_day: date


def windows_of(conn: Connection, *, actor: Actor, today: date) -> list[Window]:
    """The windows that concern this person, absent or standing in, that have not ended."""
    params = {"id": actor.person_id, "today": today, "most": SHOWN_MOST}
    return [Window(*row) for row in conn.execute(_WINDOWS, params)]


def who_fits(conn: Connection, *, actor: Actor, today: date) -> dict[int, str]:
    """Who could stand in for this person: the same posts over the same areas or wider ones."""
    if actor.roles.isdisjoint(TASK_ROLES):
        return {}
    rows = conn.execute(
        _CANDIDATES,
        {
            "id": actor.person_id,
            "roles": [str(role) for role in TASK_ROLES],
            "same_department": actor.has(Role.HANDLER),
            "department_id": actor.department_id,
            "today": today,
            "most": 200,
        },
    )
    return {row.id: row.name for row in rows}


def name_substitute(
    conn: Connection, *, actor: Actor, person_id: int, substitute_id: int, first_day: date,
    last_day: date, today: date, now: datetime,
) -> int:  # fmt: skip
    """
    Hand the tasks of a person over for some days; answers the window's id.

    One's own, or with the right to manage the roster those of somebody in one's area.

    Raises
    ------
    Forbidden, NotFound
        Somebody else's tasks without the right; nobody of this id in the area.
    Invalid
        The days: past, out of order, too many.
    Refused
        A post of the absent person that the substitute does not hold; another department; days
        for which somebody stands in already.
    """
    require(actor, _right(actor, person_id))
    _check_days(first_day, last_day, today)
    days = {"first": first_day, "last": last_day}
    absent, other = _both(conn, person_id, substitute_id)
    _may_hand_over(conn, actor, person_id)
    _check_fit(conn, absent, other, days)
    if conn.execute(_OVERLAP, {"id": person_id, **days}).scalar():
        raise Refused(N_("Somebody stands in on some of these days already. End that first."))
    made = conn.execute(
        _MAKE,
        {
            "person_id": person_id, "substitute_id": substitute_id, "made_by": actor.person_id,
            "now": now, **days,
        },
    ).scalar_one()  # fmt: skip
    note(
        conn, actor, "person", person_id, "substitute_named", now, _right(actor, person_id),
        substitute_id=substitute_id, first_day=str(first_day), last_day=str(last_day),
    )  # fmt: skip
    return int(made)


def end_substitute(conn: Connection, *, actor: Actor, window_id: int, now: datetime) -> None:
    """
    End a window now: one's own, as absent or standing in, or with the right to manage the roster.

    Raises
    ------
    Forbidden, NotFound
        Somebody else's; there is none that runs.
    """
    row = conn.execute(
        text("SELECT * FROM substitute WHERE id = :id AND ended_at IS NULL FOR UPDATE"),
        {"id": window_id},
    ).one_or_none()
    if row is None:
        raise NotFound(N_("This hand-over has ended already."))
    _both(conn, row.person_id, row.substitute_id)
    if row.substitute_id != actor.person_id:
        _may_hand_over(conn, actor, row.person_id)
    conn.execute(
        text("UPDATE substitute SET ended_at = :now WHERE id = :id"), {"id": window_id, "now": now}
    )
    note(
        conn, actor, "person", row.person_id, "substitute_ended", now, _right(actor, row.person_id),
        substitute_id=row.substitute_id,
    )  # fmt: skip


def _right(actor: Actor, person_id: int) -> Permission:
    """The right under which the trail shows a hand-over."""
    return Permission.MOVE_CASES if person_id == actor.person_id else Permission.MANAGE_ROSTER


def _may_hand_over(conn: Connection, actor: Actor, person_id: int) -> None:
    """Asked when both persons are held: alone, it would take them out of their order."""
    if person_id == actor.person_id:
        require(actor, Permission.MOVE_CASES)
        return
    require(actor, Permission.MANAGE_ROSTER)
    locked_person(conn, actor, person_id)


def _check_days(first: date, last: date, today: date) -> None:
    faults = []
    if first < today:
        faults.append(fault("first_day", N_("The first day has passed.")))
    if last < first:
        faults.append(fault("last_day", N_("The last day lies before the first.")))
    if (last - first).days >= LONGEST_DAYS:
        faults.append(
            fault("last_day", N_("At most {most} days are handed over at once."), most=LONGEST_DAYS)
        )
    if faults:
        raise Invalid(N_("Some fields need another look."), faults=faults)


def _both(conn: Connection, person_id: int, substitute_id: int) -> tuple[Row[Any], Row[Any]]:
    """Both persons, locked in the order of their ids: two hand-overs never wait for each other."""
    rows = conn.execute(
        text(
            "SELECT id, name, department_id, active FROM person WHERE id IN (:one, :other)"
            " ORDER BY id FOR NO KEY UPDATE"
        ),
        {"one": person_id, "other": substitute_id},
    )
    found = {row.id: row for row in rows}
    if len(found) < 2:
        raise NotFound(N_("There is no such person."))
    return found[person_id], found[substitute_id]


def _check_fit(conn: Connection, absent: Row[Any], other: Row[Any], days: dict[str, date]) -> None:
    roles = [str(role) for role in TASK_ROLES]
    posts = conn.execute(_POSTS, {"id": absent.id, "roles": roles, **days}).all()
    if not posts or not other.active:
        raise Refused(N_("There are no tasks to hand over to this person."))
    for post in posts:
        fits = conn.execute(
            _COVERS, {"id": other.id, "role": post.role, "area_code": post.area_code, **days}
        ).scalar()
        if not fits:
            raise Refused(
                N_("{name} does not hold the post “{role}” over {area} on all of these days."),
                name=other.name, role=role_terms()[Role(post.role)], area=post.area_code,
            )  # fmt: skip
    handles = any(post.role == Role.HANDLER for post in posts)
    if handles and absent.department_id != other.department_id:
        raise Refused(
            N_("{name} belongs to another department; its cases are not handed over."),
            name=other.name,
        )

"""Posts and departments: who holds which role over which area, and where they belong."""

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, text, update

from gis.accounts.commands import (
    changed_meanwhile,
    locked_person,
    note,
    require_other_administrator,
)
from gis.accounts.model import Actor, Permission, Role, require, require_area, role_terms
from gis.accounts.people_rules import DepartmentDraft, check_department, check_post, roles_apart
from gis.accounts.settings import require_whole_district
from gis.accounts.tables import department, post
from gis.errors import Conflict, Invalid, NotFound, Refused, fault
from gis.i18n import N_

_KNOWN_AREA = text(
    "SELECT EXISTS (SELECT FROM area WHERE code = :code)"
    " OR EXISTS (SELECT FROM grid_cell WHERE code = :code AND valid_to IS NULL)"
)
# Both tables belong to `grids`, a room above; only whether a code exists is asked.


def give_post(
    conn: Connection, *, actor: Actor, person_id: int, role: Role, area_code: str,
    valid_from: date, today: date, now: datetime,
) -> int:  # fmt: skip
    """
    Give a person a role over an area from a day on; answers the post's id.

    Raises
    ------
    Forbidden
        Without the permission, or for an area outside the actor's own.
    Invalid
        The code is no code or nobody knows the area; the day has passed.
    Refused
        The person holds a role that must stay apart from this one.
    Conflict
        The person holds this post already.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    check_post(role, area_code, valid_from, today)
    require_area(actor, area_code)
    if not conn.execute(_KNOWN_AREA, {"code": area_code}).scalar():
        raise Invalid(
            N_("Some fields need another look."),
            faults=[fault("area_code", N_("No area has the code {code}."), code=area_code)],
        )
    locked_person(conn, actor, person_id)
    held = conn.execute(
        select(post.c.role, post.c.area_code).where(
            post.c.person_id == person_id,
            post.c.valid_to.is_(None) | (post.c.valid_to > today),
        )
    ).all()
    if any(row.role == role.value and row.area_code == area_code for row in held):
        raise Conflict(N_("This person holds this post over this area already."))
    other = roles_apart({Role(row.role) for row in held}, role)
    if other is not None:
        raise Refused(
            N_("One person cannot be {one} and {other}: who changes and who reviews are apart."),
            one=role_terms()[role],
            other=role_terms()[other],
        )
    post_id = conn.execute(
        insert(post)
        .values(person_id=person_id, role=role.value, area_code=area_code, valid_from=valid_from)
        .returning(post.c.id)
    ).scalar_one()
    note(conn, actor, "person", person_id, "post_given", now, role=role.value, area=area_code)
    return int(post_id)


def end_post(conn: Connection, *, actor: Actor, post_id: int, today: date, now: datetime) -> None:
    """
    End a post today: from this moment it gives no right. A second call changes nothing.

    Raises
    ------
    Forbidden, NotFound, Refused
        Refused for the last administrator.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    row = conn.execute(select(post).where(post.c.id == post_id)).first()
    if row is None:
        raise NotFound(N_("There is no such post."))
    locked_person(conn, actor, row.person_id)
    require_area(actor, row.area_code)
    if row.role == Role.ADMINISTRATOR.value:
        require_other_administrator(conn, row.person_id)
    ended = conn.execute(
        update(post)
        .where(post.c.id == post_id, post.c.valid_to.is_(None) | (post.c.valid_to > today))
        .values(valid_to=today)
    )
    if ended.rowcount:
        note(
            conn, actor, "person", row.person_id, "post_ended", now,
            role=row.role, area=row.area_code,
        )  # fmt: skip


def create_department(
    conn: Connection, *, actor: Actor, draft: DepartmentDraft, now: datetime
) -> int:
    """
    Add a department; answers its id. Codes are never used twice.

    Raises
    ------
    Forbidden
        Without the right, or with posts over a part of the district only: every street's rules
        may name the department.
    Invalid
    """
    require_whole_district(conn, actor, Permission.MANAGE_PEOPLE)
    check_department(draft)
    made = conn.execute(
        text(
            "INSERT INTO department (code, kind, name_zh, name_en, area_code)"
            " VALUES (:code, :kind, :name_zh, :name_en, :area_code)"
            " ON CONFLICT (code) DO NOTHING RETURNING id"
        ),
        asdict(draft),
    ).scalar()
    if made is None:
        raise Invalid(
            N_("Some fields need another look."),
            faults=[fault("code", N_("Another department has this code."))],
        )
    note(conn, actor, "department", made, "created", now, **asdict(draft))
    return int(made)


def update_department(
    conn: Connection, *, actor: Actor, department_id: int, draft: DepartmentDraft, now: datetime,
    expected_version: int,
) -> None:  # fmt: skip
    """
    Change names, kind and area of a department; its code stays.

    Raises
    ------
    Forbidden, NotFound, Invalid, Conflict
        Forbidden as for `create_department`.
    """
    require_whole_district(conn, actor, Permission.MANAGE_PEOPLE)
    row = conn.execute(
        select(department).where(department.c.id == department_id).with_for_update()
    ).first()
    if row is None:
        raise NotFound(N_("There is no such department."))
    if row.version != expected_version:
        raise changed_meanwhile(conn, "department", department_id)
    check_department(draft)
    values = {key: value for key, value in asdict(draft).items() if key != "code"}
    conn.execute(
        update(department)
        .where(department.c.id == department_id)
        .values(**values, version=department.c.version + 1)
    )
    note(conn, actor, "department", department_id, "changed", now, **values)

"""
What people keep under a name: views of the map, filters of a list.

Each belongs to its owner. Shared with an area, people whose posts lie in it, or above it, find it
too; through it they see what their own posts allow.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from gis.accounts.commands import changed_meanwhile
from gis.accounts.model import Actor, Permission, acting_role, require, require_area
from gis.accounts.tables import person
from gis.audit import trail
from gis.errors import Fault, NotFound, Refused, fault
from gis.i18n import N_

TITLE_MOST: Final = 60
SHOWN_MOST: Final = 200
_LOCK = text("SELECT FROM person WHERE id = :id FOR NO KEY UPDATE")


@dataclass(frozen=True)
class Keepsakes:
    """A kind of such things: its table, its name on the trail, the right it takes, how many."""

    table: Table
    """With `id`, `owner_id`, `title`, `shared_area_code`, `version`."""
    subject: str
    permission: Permission
    most: int
    full: str
    """What somebody reads who keeps `{most}` already."""
    gone: str

    def shown(self, conn: Connection, actor: Actor, *more: ColumnElement[bool]) -> list[Row[Any]]:
        """
        A person's own by name, then those shared with them, at most `SHOWN_MOST`, with `owner`.

        Raises
        ------
        Forbidden
            Without the right.
        """
        require(actor, self.permission)
        c = self.table.c
        own = c.owner_id == actor.person_id
        statement = (
            select(self.table, person.c.name.label("owner"))
            .join(person, person.c.id == c.owner_id)
            .where(*more, or_(own, self._shared_with(actor)))
            .order_by(own.desc(), c.title, c.id)
            .limit(SHOWN_MOST)
        )
        return list(conn.execute(statement))

    def _shared_with(self, actor: Actor) -> ColumnElement[bool]:
        """Somebody's post lies in the area it is shared with, or above it."""
        shared = self.table.c.shared_area_code
        posts = func.unnest(bindparam("posts", actor.scope.as_list(), ARRAY(Text)))
        post = posts.column_valued("post")
        return exists(select(1).where(or_(post.op("^@")(shared), shared.op("^@")(post))))

    def own(self, conn: Connection, actor: Actor, kept_id: int, expected_version: int) -> Row[Any]:
        """
        One of the actor's own, locked; somebody else's is as if it were not there.

        Raises
        ------
        Forbidden
            Without the right.
        NotFound
            When it is gone or somebody else's.
        Conflict
            When it has changed since `expected_version`.
        """
        require(actor, self.permission)
        c = self.table.c
        mine = select(self.table).where(c.id == kept_id, c.owner_id == actor.person_id)
        row = conn.execute(mine.with_for_update()).one_or_none()
        if row is None:
            raise NotFound(self.gone)
        if row.version != expected_version:
            raise changed_meanwhile(conn, self.subject, kept_id)
        return row

    def check_room(self, conn: Connection, actor: Actor) -> None:
        """
        Whether one more may be kept; ask under `hold_person`.

        Raises
        ------
        Refused
            When the person keeps as many as one may.
        """
        mine = self.table.c.owner_id == actor.person_id
        held = conn.scalar(select(func.count()).select_from(self.table).where(mine)) or 0
        if held >= self.most:
            raise Refused(self.full, most=self.most)

    def record(
        self, conn: Connection, actor: Actor, kept_id: int, action: str, now: datetime,
        data: dict[str, Any],
    ) -> None:  # fmt: skip
        """Leave on the trail what was done."""
        trail.record(
            conn,
            subject_type=self.subject,
            subject_id=kept_id,
            actor_id=actor.person_id,
            role=acting_role(actor, self.permission),
            action=action,
            at=now,
            data=data,
        )


def hold_person(conn: Connection, actor: Actor) -> None:
    """Let what a person leaves come one after the other until the commit."""
    conn.execute(_LOCK, {"id": actor.person_id})


def title_faults(title: str) -> list[Fault]:
    """What is wrong with a name, already without blanks around it."""
    if 1 <= len(title) <= TITLE_MOST and title.isprintable():
        return []
    return [fault("title", N_("The name has 1 to {most} characters."), most=TITLE_MOST)]


def check_sharing(actor: Actor, area_code: str | None) -> None:
    """
    Whether somebody may share with an area; None is nobody.

    Raises
    ------
    Forbidden
        When it lies outside the actor's own.
    """
    if area_code is not None:
        require_area(actor, area_code)

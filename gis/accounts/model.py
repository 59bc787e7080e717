"""Who acts: roles, permissions and area scope as data, and the one question `require`."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from gis.config import CHECKOUT
from gis.errors import Forbidden, Term
from gis.i18n import N_

ACCOUNTS_DATA = CHECKOUT / "data" / "accounts"


class Role(StrEnum):
    """The posts of the two axes and of those around them; names in data/accounts/roles.csv."""

    SUPERVISOR = "supervisor"
    ACCEPTOR = "acceptor"
    SHIFT_LEADER = "shift_leader"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    ARBITER = "arbiter"
    CENTRE_LEADER = "centre_leader"
    PLANNER = "planner"
    DUTY_OFFICER = "duty_officer"
    MANAGER = "manager"
    AUDITOR = "auditor"
    DATA_OWNER = "data_owner"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Permission(StrEnum):
    """What a role may be allowed to do; the matrix is data/accounts/role_permissions.csv."""

    VIEW_CASES = "view_cases"
    LOG_CASES = "log_cases"
    MOVE_CASES = "move_cases"
    VIEW_MAP = "view_map"
    VIEW_PIPELINES = "view_pipelines"
    VIEW_STATISTICS = "view_statistics"
    EXPORT = "export"
    VIEW_PEOPLE = "view_people"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ROSTER = "manage_roster"
    MANAGE_RULES = "manage_rules"
    VIEW_AUDIT = "view_audit"
    VIEW_EXIF = "view_exif"
    MANAGE_DATA = "manage_data"
    MANAGE_STYLES = "manage_styles"
    TAKE_CALLS = "take_calls"
    REVEAL_CALLERS = "reveal_callers"
    AUDIT_CASES = "audit_cases"
    REPLY_TO_REPORTERS = "reply_to_reporters"
    SYSTEM_WORK = "system_work"


@dataclass(frozen=True)
class Scope:
    """
    What part of the city a person sees: prefixes of area codes.

    A row is in scope when its `grid_code` (or area code) starts with one of
    `prefixes`. `("",)` is everything, `()` nothing. `department_id` narrows
    handlers to cases that their department has. `stands_for` are persons whose tasks are this
    person's today, beside the own: what they are sent to may be seen and moved.
    """

    prefixes: tuple[str, ...] = ()
    department_id: int | None = None
    stands_for: frozenset[int] = frozenset()

    def as_list(self) -> list[str]:
        """The prefixes for `grid_code ^@ ANY(CAST(:scope AS text[]))`."""
        return list(self.prefixes)

    def params(self) -> dict[str, Any]:
        """The parameters of the conditions `in_scope`, `assisted` and those made of them."""
        return {"scope": self.as_list(), "department_id": self.department_id}

    def params_of(self, person_id: int | None) -> dict[str, Any]:
        """Those of `may_see` and `may_move`; with None nothing but the area counts."""
        persons = [] if person_id is None else sorted({person_id, *self.stands_for})
        return {**self.params(), "person_id": person_id, "persons": persons}

    def covers(self, code: str) -> bool:
        """Whether an area or grid code lies in this scope."""
        return any(code.startswith(prefix) for prefix in self.prefixes)

    @property
    def key(self) -> str:
        """A short text that is equal for equal scopes: part of every cache key."""
        prefixes = "|".join(self.prefixes) if self.prefixes else "-"  # nothing is not everything
        return f"{prefixes}#{self.department_id or ''}"


def scope_of(
    codes: Iterable[str],
    department_id: int | None = None,
    stands_for: Iterable[int] = (),
) -> Scope:
    """The smallest scope that covers all `codes`: a prefix swallows those below it."""
    kept: list[str] = []
    for code in sorted(set(codes)):
        if not kept or not code.startswith(kept[-1]):
            kept.append(code)
    return Scope(tuple(kept), department_id, frozenset(stands_for))


@dataclass(frozen=True)
class Actor:
    """The person behind a request, with the roles and areas that count today."""

    person_id: int | None
    name: str
    login: str
    department_id: int | None
    roles: frozenset[Role]
    scope: Scope
    locale: str = "zh-CN"
    demo: bool = False

    @property
    def stands_for(self) -> frozenset[int]:
        """Persons whose tasks are this person's today, beside the own; see `substitutes`."""
        return self.scope.stands_for

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles carries the permission."""
        return any(permission in permissions_of(role) for role in self.roles)

    def has(self, *roles: Role) -> bool:
        """Whether one of `roles` is held."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(
    person_id=None,
    name="system",
    login="system",
    department_id=None,
    roles=frozenset({Role.SYSTEM}),
    scope=Scope(("",)),
)
"""The product itself: timed work and imports."""


@cache
def role_terms() -> dict[Role, Term]:
    """The names of the roles in both languages, in the order of the file."""
    with (ACCOUNTS_DATA / "roles.csv").open(encoding="utf-8", newline="") as stream:
        return {Role(r["role"]): Term(r["name_zh"], r["name_en"]) for r in csv.DictReader(stream)}


@cache
def permission_terms() -> dict[Permission, Term]:
    """The names of the permissions in both languages, in the order of the file."""
    with (ACCOUNTS_DATA / "permissions.csv").open(encoding="utf-8", newline="") as stream:
        return {
            Permission(r["permission"]): Term(r["name_zh"], r["name_en"])
            for r in csv.DictReader(stream)
        }


@cache
def _matrix() -> dict[Role, frozenset[Permission]]:
    with (ACCOUNTS_DATA / "role_permissions.csv").open(encoding="utf-8", newline="") as stream:
        return {
            Role(row.pop("role")): frozenset(Permission(p) for p, v in row.items() if v == "1")
            for row in csv.DictReader(stream)
        }


def permissions_of(role: Role) -> frozenset[Permission]:
    """What a role may do, as data/accounts/role_permissions.csv says."""
    return _matrix()[role]


def acting_role(actor: Actor, permission: Permission) -> str:
    """The role under which the trail shows a change: the first that carries the permission."""
    return next((r.value for r in Role if r in actor.roles and permission in permissions_of(r)), "")


def require(actor: Actor, permission: Permission) -> None:
    """
    Go on only when `actor` has `permission`.

    Raises
    ------
    Forbidden
        Names the permission and the way out.
    """
    if not actor.may(permission):
        raise Forbidden(
            N_("Your posts do not include “{permission}”. Ask an administrator if they should."),
            permission=permission_terms()[permission],
        )


def require_area(actor: Actor, code: str) -> None:
    """
    Go on only when the area or grid `code` lies in the actor's scope.

    Raises
    ------
    Forbidden
        Names the code.
    """
    if not actor.scope.covers(code):
        raise Forbidden(N_("{code} lies outside the area of your posts."), code=code)

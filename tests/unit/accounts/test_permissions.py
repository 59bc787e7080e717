"""The matrix of roles and permissions, and what it must agree with."""

from gis.accounts.model import (
    Actor,
    Permission,
    Role,
    Scope,
    acting_role,
    permission_terms,
    permissions_of,
    role_terms,
    scope_of,
)
from gis.cases.workflow import MOVES

REPORTS = {move for move in MOVES if str(move).startswith("report") and str(move) != "report_done"}


def _roles_of(moves: set[object]) -> set[Role]:
    return {Role(role) for move in moves for role in MOVES[move].roles}  # type: ignore[index]


def test_who_may_log_is_who_the_state_table_lets_report() -> None:
    allowed = {role for role in Role if Permission.LOG_CASES in permissions_of(role)}
    assert allowed == _roles_of(set(REPORTS))


def test_who_may_move_is_who_has_a_move_in_the_state_table() -> None:
    allowed = {role for role in Role if Permission.MOVE_CASES in permissions_of(role)}
    assert allowed == _roles_of(set(MOVES) - REPORTS)


def test_every_role_and_permission_has_a_name_in_both_languages() -> None:
    assert set(role_terms()) == set(Role)
    assert set(permission_terms()) == set(Permission)
    for term in [*role_terms().values(), *permission_terms().values()]:
        assert term.zh
        assert term.en
        assert term.zh != term.en


def test_who_changes_rights_does_not_review_them() -> None:
    for role in set(Role) - {Role.SYSTEM}:
        both = {Permission.MANAGE_PEOPLE, Permission.MOVE_CASES}
        assert not both <= permissions_of(role), role


def test_a_scope_swallows_what_lies_below_it() -> None:
    assert scope_of(["110101001", "110101", "110101002003"]).prefixes == ("110101",)
    assert scope_of(["110101001", "110101002", "110101001"]).prefixes == ("110101001", "110101002")
    assert scope_of([]).prefixes == ()
    assert not scope_of([]).covers("110101")
    assert scope_of([""]).covers("110101")


def test_scopes_that_differ_have_different_keys() -> None:
    """Answers are kept by these keys: somebody who may see nothing must not meet all of it."""
    scopes = [
        Scope(()), Scope(("",)), Scope(("110101",)), Scope(("110101", "110102")),
        Scope((), 7), Scope(("",), 7), Scope(("",), 8), Scope(("110101",), 7),
    ]  # fmt: skip
    assert len({scope.key for scope in scopes}) == len(scopes)


def test_the_trail_shows_the_role_that_allowed_a_change() -> None:
    roles = frozenset({Role.SUPERVISOR, Role.SHIFT_LEADER})
    actor = Actor(1, "x", "x", 1, roles, Scope(("110101",)))
    assert acting_role(actor, Permission.LOG_CASES) == "supervisor"
    assert acting_role(actor, Permission.MANAGE_ROSTER) == "shift_leader"
    assert acting_role(actor, Permission.MANAGE_DATA) == ""

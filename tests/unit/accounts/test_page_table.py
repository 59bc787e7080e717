"""The table of pages agrees with the queues of the posts and with what each role may do."""

import pytest

from gis.accounts.model import Actor, Role, Scope, permissions_of
from gis.cases.queues import QUEUES, queues_of
from gis.ui.page_table import FIRST, QUEUE_PAGES, TABLE, first_page, menu_of, offered

ROLES = [role for role in Role if role is not Role.SYSTEM]


def _actor(*roles: Role) -> Actor:
    return Actor(1, "x", "x", 1, frozenset(roles), Scope(("110101",)))


def test_every_queue_leads_to_a_page_of_the_table() -> None:
    assert set(QUEUE_PAGES) == set(QUEUES)
    assert set(QUEUE_PAGES.values()) <= {page.file for page in TABLE}


@pytest.mark.parametrize("role", ROLES)
def test_who_has_a_queue_may_open_its_page(role: Role) -> None:
    files = {page.file for page in offered(_actor(role))}
    missing = [q.id for q in queues_of(_actor(role)) if QUEUE_PAGES[q.id] not in files]
    assert not missing


@pytest.mark.parametrize("page", [p for p in TABLE if p.roles], ids=lambda p: p.file)
def test_a_desk_is_listed_for_those_whose_queue_it_is(page: object) -> None:
    own = [q for q in QUEUES.values() if QUEUE_PAGES[q.id] == page.file]  # type: ignore[attr-defined]
    assert set(page.roles) == set().union(*(q.roles for q in own))  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_first_page_that_it_may_open(role: Role) -> None:
    page = first_page(_actor(role))
    assert page is not None
    assert page.file == FIRST[role]
    assert page.permission is None or page.permission in permissions_of(role)


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_begins_with_the_own_work_and_loses_no_page(role: Role) -> None:
    daily, folded = menu_of(_actor(role))
    assert [page.file for page in daily[:2]] == ["home.py", FIRST[role]]
    assert len(daily) <= 8
    listed = {page.file for page in offered(_actor(role)) if not page.hidden}
    assert sorted(page.file for page in daily + folded) == sorted(listed)
    queues = {QUEUE_PAGES[queue.id] for queue in queues_of(_actor(role))}
    assert queues <= {page.file for page in daily}


def test_nobody_without_a_role_is_offered_protected_pages() -> None:
    assert all(page.permission is None for page in offered(_actor()))

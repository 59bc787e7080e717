"""Posts narrow more than areas: who has a wider one, and who sees one department only."""

import pytest
from sqlalchemy import text

from gis.accounts import commands as people
from gis.accounts.model import Role
from gis.cases import queries as cases
from gis.catalog.layers import layers
from gis.errors import Forbidden
from gis.files.queries import readable_file
from gis.tiles import counts, identify, profile, search
from tests import factories as make
from tests.db.other_street import (
    AROUND,
    NOW,
    OTHER_CASE,
    OTHER_CELL,
    OWN_STREET,
    ZONE,
    Probe,
    World,
    asked,
    fill_other_street,
)
from tests.db.rows_of_streets import selected
from tests.db.test_scope_everywhere import READS
from tests.db.tiles_of_streets import tiles_of


def test_the_password_of_somebody_with_a_wider_post_is_not_for_a_street_to_set(
    world: World,
) -> None:
    chief = make.make_person(world.conn, roles=(Role.MANAGER,), area_code=make.DISTRICT)
    world.conn.execute(
        text("INSERT INTO post (person_id, role, area_code) VALUES (:id, 'planner', :area)"),
        {"id": chief, "area": OWN_STREET},
    )
    for who, allowed in ((world.local, False), (world.central, True)):
        set_it = {"actor": who, "person_id": chief, "password_hash": "$", "now": NOW}
        if allowed:
            people.set_password(world.conn, **set_it)
        else:
            with pytest.raises(Forbidden):
                people.set_password(world.conn, **set_it)


def test_a_department_sees_its_own_cases_only_in_lists_tiles_files_and_figures(
    world: World,
) -> None:
    other = fill_other_street(world.conn)
    stranger = make.make_actor(world.conn, Role.HANDLER, scope=(make.DISTRICT,))
    owner = make.make_actor(
        world.conn, Role.HANDLER, scope=(make.DISTRICT,), department_id=other.department
    )
    probes: list[Probe] = [
        READS["gis.cases.queries.case_by_number"],
        lambda c, who, o: cases.history(c, o.case, scope=who.scope),
        READS["gis.cases.queries.queue"],
        READS["gis.cases.queries.cases_in_grid"],
        READS["gis.evaluation.queries.cases_behind"],
        READS["gis.evaluation.queries.figures_by_group"],
        lambda c, who, o: readable_file(
            c, o.photo, person_id=who.person_id, areas=who.scope.as_list(),
            department_id=who.scope.department_id,
        ),
        lambda c, who, o: identify.feature(
            c, layers()["cases"], "case", o.case, actor=who
        ).id,
        lambda c, who, _o: search.search(c, OTHER_CASE, actor=who),
        lambda c, who, _o: profile.grid_profile(
            c, OTHER_CELL, actor=who, now=NOW, zone=ZONE
        ).cases,
        lambda c, who, _o: counts.counts_in(
            c, [layers()["cases"], layers()["case_days"]], AROUND, actor=who
        ),
        READS["gis.tiles.case_days.case_days"],
        lambda c, who, _o: selected(c, who, "cases"),
        lambda c, who, _o: tiles_of(c, layers()["cases"], 16, who.scope),
    ]  # fmt: skip
    for number, probe in enumerate(probes):
        seen = asked(world.conn, probe, owner, other)
        hidden = asked(world.conn, probe, stranger, other)
        assert seen != hidden, number
        assert OTHER_CASE not in hidden and OTHER_CELL not in hidden, number

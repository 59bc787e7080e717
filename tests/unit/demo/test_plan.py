"""The invented plan, the roster, the tables of chances: without a database."""

import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from gis.cases.model import Move, State
from gis.cases.workflow import MOVES, OPEN_STATES, moves_from
from gis.components.coding import component_code
from gis.components.thinning import HIGHEST_ZOOM, LOWEST_ZOOM, minzooms
from gis.demo.living import TURNS
from gis.demo.people import crew_on, make_people, shift_at
from gis.demo.photos import SHOWN, STREETS, THEMES, draw_pictures
from gis.demo.sizes import behaviour, read_rows, size_named, sizes
from gis.demo.town import plan_town
from gis.errors import Invalid
from gis.files.images import Photo
from gis.standards.csvfile import read_table

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 14, tzinfo=ZONE)


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_the_streets_of_a_plan_share_exact_edges(name: str) -> None:
    town = plan_town(size_named(name), 7)
    assert shapely.coverage_is_valid(town.streets.geometry.to_numpy())
    assert shapely.is_valid(town.water.geometry.to_numpy()).all()
    assert shapely.is_valid(town.parks.geometry.to_numpy()).all()


def test_the_same_seed_plans_the_same_town_and_another_one_another() -> None:
    first, again, other = (plan_town(size_named("tiny"), seed) for seed in (1, 1, 2))
    assert first.roads.geometry.to_wkb().tolist() == again.roads.geometry.to_wkb().tolist()
    assert first.roads["name"].tolist() == again.roads["name"].tolist()
    assert first.roads.geometry.to_wkb().tolist() != other.roads.geometry.to_wkb().tolist()


def test_lanes_end_at_water_and_parks() -> None:
    town = plan_town(size_named("small"), 3)
    closed = shapely.union_all([*town.water.geometry, *town.parks.geometry])
    lanes = town.roads[town.roads["highway"] == "residential"]
    assert shapely.intersection(lanes.geometry.to_numpy(), closed).size
    assert shapely.length(shapely.intersection(lanes.geometry.to_numpy(), closed)).sum() < 1


def test_an_unknown_size_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="tiny, small, pilot"):
        size_named("village")


def test_every_size_has_as_many_streets_as_blocks() -> None:
    for size in sizes().values():
        assert len(size.streets) == size.columns * size.rows


def test_exactly_one_crew_keeps_each_shift_and_everybody_rests() -> None:
    kept = [(crew_on(date(2026, 1, 1) + timedelta(d), s), d) for d in range(80) for s in range(3)]
    for crew in range(4):
        days = {day for who, day in kept if who == crew}
        assert len(days) == 60  # six days of eight
        assert len([1 for who, _ in kept if who == crew]) == len(days)  # one shift a day


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_the_night_belongs_to_the_day_it_began_on(local: datetime) -> None:
    day, shift = shift_at(local)
    starts = datetime.combine(day, datetime.min.time()) + timedelta(hours=6 + 8 * shift)
    assert starts <= local < starts + timedelta(hours=8)


def test_every_role_of_people_has_a_guest_whose_post_was_made_first() -> None:
    people = make_people({"110101011001": ["110101011001001"]}, size_named("tiny"), 1, NOW, ZONE)
    first = people.posts.drop_duplicates("role").set_index("role")["person_id"].to_dict()
    assert first == {str(role): person for role, person in people.guests.items()}
    logins = people.persons.set_index("id")["login"]
    for role, person in people.guests.items():
        assert logins[person] == f"demo.{role}"
        same = people.posts[people.posts["role"] == role]["person_id"]
        assert logins[person] == min(logins[same])


def test_every_component_class_of_the_edition_stands_somewhere() -> None:
    known = {
        row["code"]
        for row in read_table("standards/component_classes", ["code", "reserved"])
        if row["edition"] == "2013" and row["reserved"] == "false"
    }
    assert {row["class_code"] for row in read_rows("component_mix")} == known


def test_only_classes_that_may_be_used_are_reported() -> None:
    for kind in ("component", "event"):
        known = {
            row["code"]
            for row in read_table(f"standards/{kind}_classes", ["code", "reserved"])
            if row["edition"] == "2013" and row["reserved"] == "false"
        }
        reported = {r["class_code"] for r in read_rows("class_rates") if r["kind"] == kind}
        assert reported and reported <= known


def test_every_turn_is_a_move_that_the_table_allows_in_its_state() -> None:
    for state, turns in TURNS.items():
        allowed = {row.move for row in moves_from(state)}
        assert {turn.move for turn in turns} <= allowed, state
        for turn in turns:
            assert not turn.chance or 0 < behaviour()[turn.chance] < 1


def test_every_open_state_can_be_left_by_chance_and_has_somebody_waiting() -> None:
    assert set(OPEN_STATES) <= set(TURNS)
    waiting = {State(row["state"]): row for row in read_rows("waiting")}
    assert set(OPEN_STATES) <= set(waiting)
    for row in waiting.values():
        assert all(int(row[size]) >= 1 for size in sizes())


def test_the_scripts_of_waiting_cases_are_legal_paths_to_their_state() -> None:
    for row in read_rows("waiting"):
        state = State.REPORTED
        for word in filter(None, row["script"].split("|")):
            move = MOVES[Move(word)]
            assert state in move.sources, (row["state"], word)
            state = move.target(state)
        assert state == row["state"]


def test_there_are_words_for_every_text_a_move_needs() -> None:
    spoken = {row["purpose"] for row in read_rows("phrases")}
    used = {turn.move for turns in TURNS.values() for turn in turns}
    for move in used:
        for name in MOVES[move].needs:
            if name in ("reason", "text", "note"):
                assert f"{name}:{move}" in spoken


def test_every_reported_class_has_sentences_of_its_own_and_a_picture() -> None:
    rows = [(r["kind"], code, r) for r in read_rows("reports") for code in r["classes"].split("|")]
    told = {(kind, code) for kind, code, _ in rows}
    assert told == {(r["kind"], r["class_code"]) for r in read_rows("class_rates")}
    for _, _, row in rows:
        said = row["text"].format(place="南锣巷3号", name="路灯", n=3, since="今早起")
        assert said.startswith("南锣巷3号") and "{" not in said
        assert row["theme"] in THEMES


def test_a_street_looks_the_same_before_and_after_but_for_the_trouble() -> None:
    pictures = draw_pictures(7)
    shas = {photo.sha256 for photo in pictures.values()}
    assert len(shas) == len(pictures) == len(SHOWN) * len(THEMES) * STREETS
    for theme in THEMES:
        before, after = (_pixels(pictures[what, theme, 0]) for what in ("before", "after"))
        other = _pixels(pictures["before", theme, 1])
        changed = np.abs(before - after).max(axis=2) > 60
        assert 0.002 < changed.mean() < 0.25  # the trouble is gone, the street is the same
        assert (np.abs(before - other).max(axis=2) > 60).mean() > changed.mean()


def _pixels(photo: Photo) -> NDArray[np.int16]:
    """Without the line of words."""
    return np.asarray(Image.open(io.BytesIO(photo.data)), dtype=np.int16)[50:]


def test_the_shares_of_pipes_and_land_make_a_whole() -> None:
    for name in ("pipes", "land_use"):
        assert sum(float(r["share"]) for r in read_rows(name)) == pytest.approx(1, abs=0.06)
    assert len(read_rows("pipes")) == 8


@given(
    st.lists(
        st.tuples(st.floats(1.29e7, 1.2905e7), st.floats(4.85e6, 4.8505e6)), min_size=1, max_size=60
    )
)
def test_each_square_shows_exactly_its_first_point_at_every_zoom(
    xy: list[tuple[float, float]],
) -> None:
    points = np.array(xy)
    zoom = minzooms(points)
    half = 20037508.342789244
    for z in range(LOWEST_ZOOM, HIGHEST_ZOOM + 1):
        side = 2 * half / (256 * 2**z)
        squares = [tuple(s) for s in np.floor((points + half) / side).astype(int).tolist()]
        shown = [square for square, low in zip(squares, zoom, strict=True) if low <= z]
        assert set(shown) == set(squares)
        if z == LOWEST_ZOOM:
            assert len(shown) == len(set(squares))


def test_a_component_code_has_sixteen_digits_and_its_parts_are_checked() -> None:
    assert component_code("110101", "0137", 42) == "1101010137000042"
    for district, code, serial in (
        ("1101", "0137", 1),
        ("110101", "137", 1),
        ("110101", "0137", 0),
    ):
        with pytest.raises(Invalid):
            component_code(district, code, serial)
    with pytest.raises(Invalid, match="999999"):
        component_code("110101", "0137", 1_000_000)

"""Taking in reports: where, what, who, and once."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, event, text

from gis.accounts.model import SYSTEM, Actor, Role
from gis.audit.trail import broken_links
from gis.cases.intake import report_case
from gis.cases.model import State
from gis.cases.records import NewCase, Reported
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.errors import Forbidden, Invalid, Refused
from gis.standards.model import Kind
from tests import factories as make


def a_report(**overrides: object) -> NewCase:
    lon, lat = make.middle()
    parts = {"kind": Kind.EVENT, "class_code": "0110", "lon": lon, "lat": lat, "text": "垃圾"}
    return NewCase(**{**parts, **overrides})  # type: ignore[arg-type]


def send(conn: Connection, actor: Actor, key: str = "k1", **overrides: object) -> Reported:
    return report_case(conn, actor=actor, report=a_report(**overrides), key=key, now=make.NOW)


@pytest.fixture
def supervisor(conn: Connection) -> Actor:
    cell = make.make_cell(conn)
    return make.make_actor(conn, Role.SUPERVISOR, cells=(cell,))


@pytest.fixture
def statements(conn: Connection) -> Iterator[list[str]]:
    """Every statement sent from now on."""
    sent: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(conn, "before_cursor_execute", note)
    yield sent
    event.remove(conn, "before_cursor_execute", note)


def count(conn: Connection, table: str) -> int:
    return int(conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_report_becomes_a_case_with_number_place_event_trail_and_messages(
    conn: Connection, supervisor: Actor
) -> None:
    photo = make.make_file(conn)
    reported = send(conn, supervisor, photos=(photo,), accuracy_m=8.5)
    assert reported.number == f"{make.STREET}-261118-0001"
    assert reported.state is State.REPORTED
    assert reported.grid_code == make.grid_code()
    assert reported.street is not None and reported.street.zh == "东华门街道"
    row = conn.execute(text("SELECT * FROM cases WHERE id = :i"), {"i": reported.case_id}).one()
    assert (row.source, row.open, row.version, row.accuracy_m) == ("supervisor", True, 1, 8.5)
    assert (row.reporter_id, row.changed_by) == (supervisor.person_id, supervisor.person_id)
    assert row.reported_at == make.NOW
    step = conn.execute(text("SELECT * FROM case_event WHERE case_id = :i"), {"i": row.id}).one()
    assert (step.seq, step.move, step.from_state, step.to_state) == (
        1, "report", "START", "REPORTED",
    )  # fmt: skip
    shown = conn.execute(text("SELECT * FROM attachment WHERE case_id = :i"), {"i": row.id}).one()
    assert (shown.purpose, shown.sha256, shown.position) == ("report", photo, 1)
    topics = conn.execute(text("SELECT topic FROM outbox WHERE subject_id = :i"), {"i": row.id})
    assert {r.topic for r in topics} == {"case.moved"}
    assert broken_links(conn, subject_type="case", subject_id=row.id) == []
    assert count(conn, "audit_event") == 1


def test_a_good_report_takes_two_statements(
    conn: Connection, supervisor: Actor, statements: list[str]
) -> None:
    send(conn, supervisor)
    assert len(statements) == 2


def test_numbers_run_without_gaps_per_street_and_district_day(
    conn: Connection, supervisor: Actor
) -> None:
    numbers = [send(conn, supervisor, key=f"k{i}").number for i in range(3)]
    assert [n[-4:] for n in numbers] == ["0001", "0002", "0003"]
    late = datetime(2026, 11, 18, 16, 30, tzinfo=UTC)  # 00:30 of the 19th in the district
    after = report_case(conn, actor=supervisor, report=a_report(), key="next", now=late)
    assert after.number == f"{make.STREET}-261119-0001"


def test_a_serial_beyond_four_digits_is_written_in_full(
    conn: Connection, supervisor: Actor
) -> None:
    conn.execute(
        text("INSERT INTO case_counter VALUES (:s, '2026-11-18', 9999)"), {"s": make.STREET}
    )
    assert send(conn, supervisor).number == f"{make.STREET}-261118-10000"


def test_a_report_that_fails_gives_its_number_back(fresh_database: ClusterUrls) -> None:
    engine = make_engine(fresh_database.app_url)
    with transaction(engine) as conn:
        cell = make.make_cell(conn)
        actor = make.make_actor(conn, Role.SUPERVISOR, cells=(cell,))
        make.set_setting(conn, "edition", "2013")
    with transaction(engine) as conn:
        before, after = make.make_file(conn), make.make_file(conn)
    refused = a_report(
        class_code="0301", self_handled=True, photos_before=(before,), photos_after=(after,)
    )
    with pytest.raises(Refused), transaction(engine) as conn:
        report_case(conn, actor=actor, report=refused, key="a", now=make.NOW)
    with transaction(engine) as conn:
        first = report_case(conn, actor=actor, report=a_report(), key="a", now=make.NOW)
    engine.dispose()
    assert first.number.endswith("-0001")


def test_a_point_on_a_shared_edge_belongs_to_the_cell_with_the_smallest_code(
    conn: Connection,
) -> None:
    cells = tuple(make.make_cell(conn, x, y) for x in (0, 1) for y in (0, 1))
    actor = make.make_actor(conn, Role.SUPERVISOR, cells=cells)
    corner = send(conn, actor, lon=make.WEST + make.STEP, lat=make.SOUTH + make.STEP)
    assert corner.grid_code == min(cells)
    edge = send(conn, actor, key="k2", lon=make.WEST + make.STEP, lat=make.middle()[1])
    assert edge.grid_code == make.grid_code(0, 0)


def test_a_cell_that_is_no_longer_valid_takes_no_report(conn: Connection) -> None:
    cell = make.make_cell(conn, valid_to="2026-11-18")
    actor = make.make_actor(conn, Role.SUPERVISOR, cells=(cell,))
    with pytest.raises(Invalid):
        send(conn, actor)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_point_outside_the_district_is_named_with_the_way_out(
    conn: Connection, supervisor: Actor, locale: str
) -> None:
    with pytest.raises(Invalid) as caught:
        send(conn, supervisor, lon=100.5, lat=20.25)
    words = caught.value.text(locale)
    assert "100.5" in words and "20.25" in words
    assert ("地图" if locale == "zh-CN" else "map") in words
    assert [f.field for f in caught.value.faults] == ["point"]
    assert count(conn, "cases") == 0 and count(conn, "case_counter") == 0


def test_all_faults_of_a_report_are_named_at_once(conn: Connection, supervisor: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        send(conn, supervisor, lon=100.5, class_code="9999", photos=("0" * 64,))
    assert {f.field for f in caught.value.faults} == {"point", "class_code", "photo"}


def test_a_retired_a_reserved_and_an_unknown_class_are_refused_with_the_reason(
    conn: Connection, supervisor: Actor
) -> None:
    for code, word in (("0407", "reserved"), ("0798", "no class")):
        with pytest.raises(Invalid) as caught:
            send(conn, supervisor, key=code, class_code=code)
        assert word in str(caught.value)
    other = conn.execute(
        text(
            "SELECT code FROM case_class a WHERE kind = 'event' AND edition <> '2013' AND NOT"
            " EXISTS (SELECT FROM case_class b WHERE b.kind = a.kind AND b.edition = '2013'"
            " AND b.code = a.code) LIMIT 1"
        )
    ).scalar_one()
    with pytest.raises(Invalid) as caught:
        send(conn, supervisor, class_code=other)
    assert "not in edition 2013" in str(caught.value)


def test_a_report_outside_the_reporters_area_is_forbidden_and_names_the_grid(
    conn: Connection, supervisor: Actor
) -> None:
    foreign = make.make_cell(conn, 5, 5)
    with pytest.raises(Forbidden) as caught:
        send(conn, supervisor, lon=make.middle(5, 5)[0], lat=make.middle(5, 5)[1])
    assert foreign in str(caught.value)


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.HANDLER, Role.AUDITOR, Role.PLANNER])
def test_a_role_that_does_not_report_is_forbidden(conn: Connection, role: Role) -> None:
    make.make_cell(conn)
    with pytest.raises(Forbidden):
        send(conn, make.make_actor(conn, role))


@pytest.mark.parametrize(
    ("role", "source"), [(Role.SUPERVISOR, "supervisor"), (Role.ACCEPTOR, "call_desk")]
)
def test_the_source_follows_from_the_post(conn: Connection, role: Role, source: str) -> None:
    make.make_cell(conn)
    reported = send(conn, make.make_actor(conn, role))
    stored = conn.execute(text("SELECT source FROM cases WHERE id = :i"), {"i": reported.case_id})
    assert stored.scalar_one() == source


def test_the_system_reports_without_a_person(conn: Connection) -> None:
    make.make_cell(conn)
    reported = send(conn, SYSTEM)
    row = conn.execute(text("SELECT * FROM cases WHERE id = :i"), {"i": reported.case_id}).one()
    assert (row.source, row.reporter_id) == ("system", None)
    assert send(conn, SYSTEM).replayed


@pytest.mark.parametrize(
    "words",
    [
        "<img src=x onerror=alert(1)>",
        "`${alert(1)}` $& \\u0041 {0} %s %(x)s :name ::text '' \";--",
        "井盖丢失😀\t\r\n  ends with blanks  ",
        "\u202eright to left\u200b \u0301",
        "井" * 4000,
    ],
)
def test_any_text_is_stored_as_it_came(conn: Connection, supervisor: Actor, words: str) -> None:
    reported = send(conn, supervisor, text=words)
    stored = conn.execute(text("SELECT description FROM cases WHERE id = :i"), {
        "i": reported.case_id
    }).scalar_one()  # fmt: skip
    assert stored == words
    assert broken_links(conn, subject_type="case", subject_id=reported.case_id) == []


@pytest.mark.parametrize("words", ["井" * 4001, "a\x00b", "a\ud800b", "", "   "])
def test_text_that_cannot_be_kept_is_refused_before_anything_is_written(
    conn: Connection, supervisor: Actor, words: str
) -> None:
    with pytest.raises(Invalid) as caught:
        send(conn, supervisor, text=words)
    assert [f.field for f in caught.value.faults] == ["text"]


def test_six_photos_or_the_same_one_twice_are_refused(conn: Connection, supervisor: Actor) -> None:
    for photos in ([make.make_file(conn) for _ in range(11)], [make.make_file(conn)] * 2, ["../x"]):
        with pytest.raises(Invalid) as caught:
            send(conn, supervisor, photos=tuple(photos))
        assert {f.field for f in caught.value.faults} == {"photo"}


@pytest.mark.parametrize("lon", [float("nan"), float("inf"), 181.0])
def test_a_point_that_is_none_is_refused(conn: Connection, supervisor: Actor, lon: float) -> None:
    with pytest.raises(Invalid):
        send(conn, supervisor, lon=lon)


def test_the_nearest_component_of_the_class_is_found_within_the_set_distance(
    conn: Connection, supervisor: Actor
) -> None:
    lon, lat = make.middle()
    make.make_component(conn, lon=lon + 0.0001, lat=lat)
    nearest = make.make_component(conn, lon=lon + 0.00005, lat=lat)
    make.make_component(conn, lon=lon, lat=lat, class_code="0102")
    make.make_component(conn, lon=lon, lat=lat, state="removed")
    reported = send(conn, supervisor, kind=Kind.COMPONENT, class_code="0101")
    row = conn.execute(text("SELECT * FROM cases WHERE id = :i"), {"i": reported.case_id}).one()
    assert row.component_id == nearest
    assert reported.component_distance_m == pytest.approx(4.3, abs=0.1)
    make.set_setting(conn, "nearest_component_m", 2)
    none = send(conn, supervisor, key="k2", kind=Kind.COMPONENT, class_code="0101")
    assert none.component_code is None


def test_an_event_has_no_component(conn: Connection, supervisor: Actor) -> None:
    lon, lat = make.middle()
    make.make_component(conn, lon=lon, lat=lat, class_code="0110")
    assert send(conn, supervisor).component_code is None


def test_a_self_handled_case_ends_at_once_with_photos_of_before_and_after(
    conn: Connection, supervisor: Actor
) -> None:
    before, after = make.make_file(conn), make.make_file(conn)
    reported = send(
        conn, supervisor, self_handled=True, photos_before=(before,), photos_after=(after,)
    )
    assert reported.state is State.SELF_HANDLED
    assert conn.execute(text("SELECT open FROM cases")).scalar_one() is False
    shown = conn.execute(text("SELECT purpose, sha256 FROM attachment ORDER BY position")).all()
    assert [tuple(row) for row in shown] == [("before", before), ("after", after)]
    with pytest.raises(Invalid) as caught:
        send(conn, supervisor, key="k2", self_handled=True, photos_before=(before,))
    assert [f.field for f in caught.value.faults] == ["photo_after"]


def test_a_class_that_is_not_handled_on_the_spot_is_refused(
    conn: Connection, supervisor: Actor
) -> None:
    photos = {"photos_before": (make.make_file(conn),), "photos_after": (make.make_file(conn),)}
    with pytest.raises(Refused) as caught:
        send(conn, supervisor, class_code="0501", self_handled=True, **photos)
    assert caught.value.detail == "class_allows_self_handling"


def test_the_same_key_with_the_same_report_answers_the_same_and_writes_nothing(
    conn: Connection, supervisor: Actor, statements: list[str]
) -> None:
    first = send(conn, supervisor, photos=(make.make_file(conn),))
    photo = conn.execute(text("SELECT sha256 FROM attachment")).scalar_one()
    del statements[:]
    again = send(conn, supervisor, photos=(photo,))
    assert len(statements) == 2
    assert again.replayed and not first.replayed
    assert again.number == first.number and again.case_id == first.case_id
    assert again.component_code == first.component_code
    assert [count(conn, t) for t in ("cases", "case_event", "audit_event")] == [1, 1, 1]


def test_the_same_key_with_another_report_is_refused(conn: Connection, supervisor: Actor) -> None:
    send(conn, supervisor)
    with pytest.raises(Invalid) as caught:
        send(conn, supervisor, text="something else")
    assert [f.field for f in caught.value.faults] == ["key"]


def test_a_key_belongs_to_one_person(conn: Connection, supervisor: Actor) -> None:
    first = send(conn, supervisor)
    other = make.make_actor(conn, Role.SUPERVISOR, cells=(make.grid_code(),))
    assert send(conn, other).number != first.number


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb"])
def test_a_key_that_is_none_is_refused(conn: Connection, supervisor: Actor, key: str) -> None:
    with pytest.raises(Invalid):
        send(conn, supervisor, key=key)


def test_a_twin_waits_for_the_first_and_reads_its_answer(fresh_database: ClusterUrls) -> None:
    engine = make_engine(fresh_database.app_url)
    with transaction(engine) as conn:
        cell = make.make_cell(conn)
        actor = make.make_actor(conn, Role.SUPERVISOR, cells=(cell,))
    answers: list[Reported] = []

    def twin() -> None:
        with transaction(engine) as conn:
            answers.append(send(conn, actor))

    with transaction(engine) as conn:
        first = send(conn, actor)
        thread = threading.Thread(target=twin)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "the twin did not wait"
    thread.join(10)
    with transaction(engine) as conn:
        cases = count(conn, "cases")
    engine.dispose()
    assert answers[0].number == first.number and answers[0].replayed
    assert cases == 1


def test_a_twin_takes_over_when_the_first_fails(fresh_database: ClusterUrls) -> None:
    engine = make_engine(fresh_database.app_url)
    with transaction(engine) as conn:
        cell = make.make_cell(conn)
        actor = make.make_actor(conn, Role.SUPERVISOR, cells=(cell,))
    answers: list[Reported] = []

    def twin() -> None:
        with transaction(engine) as conn:
            answers.append(send(conn, actor))

    thread = threading.Thread(target=twin)
    with pytest.raises(RuntimeError), transaction(engine) as conn:
        send(conn, actor)
        thread.start()
        thread.join(0.3)
        raise RuntimeError
    thread.join(10)
    engine.dispose()
    assert not answers[0].replayed
    assert answers[0].number.endswith("-0001")


def test_eight_reporters_at_once_get_numbers_without_a_gap(
    fresh_database: ClusterUrls,
) -> None:
    engine = make_engine(fresh_database.app_url)
    with transaction(engine) as conn:
        cell = make.make_cell(conn)
        actors = [make.make_actor(conn, Role.SUPERVISOR, cells=(cell,)) for _ in range(8)]
    numbers: list[str] = []

    def work(actor: Actor) -> None:
        for i in range(5):
            with transaction(engine) as conn:
                numbers.append(send(conn, actor, key=f"k{i}").number)

    threads = [threading.Thread(target=work, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    engine.dispose()
    assert sorted(int(n[-4:]) for n in numbers) == list(range(1, 41))


def test_an_edit_behind_our_back_is_found_in_the_chain(
    fresh_database: ClusterUrls,
) -> None:
    app, owner = make_engine(fresh_database.app_url), make_engine(fresh_database.owner_url)
    with transaction(app) as conn:
        cell = make.make_cell(conn)
        case_id = send(conn, make.make_actor(conn, Role.SUPERVISOR, cells=(cell,))).case_id
        assert broken_links(conn, subject_id=case_id) == []
    with transaction(owner) as conn:
        conn.execute(text("UPDATE audit_event SET data = jsonb_set(data, '{text}', '\"nothing\"')"))
    with transaction(app) as conn:
        broken = broken_links(conn, subject_id=case_id)
    app.dispose()
    owner.dispose()
    assert [link.fault for link in broken] == ["content"]


@pytest.mark.parametrize("table", ["case_event", "audit_event"])
def test_the_application_cannot_change_the_trail(
    conn: Connection, supervisor: Actor, table: str
) -> None:
    send(conn, supervisor)
    for statement in (f"UPDATE {table} SET role = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match="permission denied"), conn.begin_nested():
            conn.execute(text(statement))

"""The auditor's page on a demo district: a finding is judged, supervisors compared, the sample."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role

Visitor = Callable[..., AppTest]


def flag_a_photo(conn: Connection) -> str:
    """
    A finding about a photo, as a check would have left it; its case's number.

    Those that the demo has of its own are accepted before.
    """
    conn.execute(text("UPDATE evidence_finding SET decision = 'accepted', decided_at = at"))
    return str(
        conn.execute(
            text(
                "INSERT INTO evidence_finding (case_id, event_seq, sha256, kind, person_id, at,"
                " metres, said, flagged)"
                " SELECT a.case_id, a.event_seq, a.sha256, 'far', e.actor_id, :at, 730,"
                " '<img src=x>', true"
                " FROM attachment a JOIN case_event e ON (e.case_id, e.seq)"
                " = (a.case_id, a.event_seq) WHERE e.move = 'check_passed' AND NOT EXISTS"
                " (SELECT FROM evidence_finding f WHERE f.sha256 = a.sha256)"
                " ORDER BY a.id LIMIT 1"
                " RETURNING (SELECT number FROM cases c WHERE c.id = case_id)"
            ),
            {"at": datetime.now(UTC) - timedelta(hours=1)},
        ).scalar_one()
    )


def test_an_auditor_judges_a_finding_and_the_reason_is_kept(
    own_district: Engine, visitor: Visitor
) -> None:
    with own_district.begin() as conn:
        number = flag_a_photo(conn)
    app = visitor(own_district, Role.AUDITOR, "audit.py")
    assert not app.exception
    shown = app.dataframe[0].value
    assert list(shown["number"]) == [number]
    assert any("730" in words.value for words in app.text)
    assert any(words.value == "说明：<img src=x>" for words in app.text)
    refuse = next(b for b in app.button if b.label == "不认可")
    refuse.click().run()
    assert "请说明照片不予认可的理由" in app.error[0].value
    note = next(area for area in app.text_area if area.label == "认定理由")
    note.set_value("不是现场照片").run()
    next(b for b in app.button if b.label == "不认可").click().run()
    with own_district.begin() as conn:
        kept = conn.execute(
            text("SELECT decision, decision_note FROM evidence_finding WHERE said <> ''")
        ).one()
    assert tuple(kept) == ("not_acceptable", "不是现场照片")
    assert "没有待认定的疑点" in app.success[0].value


def test_supervisors_are_compared_and_the_sample_opens_its_case(
    district: Engine, visitor: Visitor
) -> None:
    app = visitor(district, Role.AUDITOR, "audit.py", locale="en")
    app.number_input(key="audit.days").set_value(365).run()
    app.segmented_control(key="audit.part").set_value("supervisors").run()
    assert not app.exception
    assert len(app.dataframe[0].value) > 1
    assert any("Pass rate" in words.value for words in app.caption)
    app.segmented_control(key="audit.part").set_value("sample").run()
    assert not app.exception
    assert any("are drawn by their number" in words.value for words in app.caption)


def test_administrators_see_which_stored_files_are_bad(
    own_district: Engine, visitor: Visitor
) -> None:
    with own_district.begin() as conn:
        name = conn.scalar(
            text(
                "INSERT INTO file_check SELECT sha256, :now, 'altered', :now FROM stored_file"
                " ORDER BY sha256 LIMIT 1 RETURNING sha256"
            ),
            {"now": datetime.now(UTC)},
        )
    app = visitor(own_district, Role.ADMINISTRATOR, "about.py")
    assert not app.exception
    assert name in set(app.dataframe[-1].value["file"])
    assert any("1 个文件被改动" in words.value for words in app.error)
    app = visitor(own_district, Role.PLANNER, "about.py")
    assert not app.error

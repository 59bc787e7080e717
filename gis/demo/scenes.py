"""What goes on at the desks when a newcomer comes in: played by the real commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from gis.accounts.model import Role
from gis.accounts.substitutes import name_substitute
from gis.cases.clocks.notices import NoticeKind, notify
from gis.cases.clusters.commands import reply
from gis.cases.desks.commands import FilterDraft, save_filter
from gis.cases.desks.filters import CaseFilter
from gis.cases.model import Move, State
from gis.cases.tasks.commands import give_task, step_task
from gis.cases.tasks.model import TaskStep
from gis.demo.cast import Cast
from gis.demo.evidence import OwnPhotos
from gis.demo.sizes import DISTRICT, EDITION
from gis.dispatch.commands import move_case
from gis.worktime.model import Lamp

_HANDLED = text(
    "SELECT id, number, version, department_id, due_at, ST_X(geom) AS lon, ST_Y(geom) AS lat"
    " FROM cases"
    " WHERE state = 'HANDLING' AND changed_at < :before ORDER BY id DESC LIMIT :most"
)
_RETURNED = text("SELECT id, version, changed_at FROM cases WHERE state = 'ARBITRATION'")
_FOLLOWED = text(
    "SELECT DISTINCT t.number FROM case_merge m JOIN cases t ON t.id = m.into_id"
    " WHERE t.open ORDER BY t.number LIMIT 2"
)
_ASKED = (
    ("协助关闭阀门并到场指认管线。", "gs"),
    ("协助疏导交通，施工时段占一条车道。", "jg"),
    ("清运现场残留杂物。", "hw"),
)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Scenes:
    """The last hours before `now` at the desks of a loaded district."""

    conn: Connection
    cast: Cast
    photos: OwnPhotos
    now: datetime
    today: date

    def play(self) -> None:
        """Everything, in the order of time."""
        self._returns_too_many()
        cases = self.conn.execute(_HANDLED, {"before": self.now - 6 * _HOUR, "most": 100}).all()
        self._assist(cases[:3])
        late = [case for case in reversed(cases[3:]) if case.due_at < self.now]
        self._supervise(late[:2] or cases[3:4])
        self._answer_reporters()
        self._keep_filters()
        self._stand_in()

    def _returns_too_many(self) -> None:
        """Written as the move writes it; the histories themselves were loaded."""
        for case in self.conn.execute(_RETURNED).all():
            notify(
                self.conn, case_id=case.id, kind=NoticeKind.RETURN_LOOP, role=Role.ARBITER,
                now=case.changed_at, level=self._bounces(case.id), about=str(case.version),
            )  # fmt: skip

    def _bounces(self, case_id: int) -> int:
        found = text("SELECT bounce_count FROM cases WHERE id = :id")
        return int(self.conn.execute(found, {"id": case_id}).scalar_one())

    def _assist(self, cases: Sequence[Row[Any]]) -> None:
        """Three cases with an assisting department: asked, at work, and done."""
        sanitation = self.cast.guest(Role.HANDLER).department_id
        ids = self.cast.people.department_ids
        for done, (case, (words, code)) in enumerate(zip(cases, _ASKED, strict=False)):
            helper = ids[code.upper()]
            if helper == case.department_id:
                helper = ids["YL"] if sanitation == case.department_id else sanitation or helper
            self._assist_one(case, helper, words, steps=done)

    def _assist_one(self, case: Row[Any], helper: int, words: str, *, steps: int) -> None:
        at = self.now - 2 * _HOUR
        given = give_task(
            self.conn, actor=self.cast.guest(Role.DISPATCHER), number=case.number,
            department_id=helper, words=words, due_on=self.today + timedelta(days=2), now=at,
            today=self.today,
        )  # fmt: skip
        hand = self.cast.handler_of(helper)
        said = {TaskStep.TAKE_UP: "", TaskStep.REPORT: "已配合完成，现场已恢复。"}
        version = given.version
        for step in list(said)[:steps]:
            at += _HOUR
            spot = (case.lon, case.lat)
            photos = (
                [self.photos.taken(self.conn, by=hand.person_id, lonlat=spot)]
                if step is TaskStep.REPORT
                else []
            )
            version = step_task(
                self.conn, actor=hand, number=case.number, task_id=given.id, step=step,
                expected_version=version, words=said[step], photos=photos, now=at,
            ).version  # fmt: skip

    def _supervise(self, cases: Sequence[Row[Any]]) -> None:
        for number, case in enumerate(cases):
            move_case(
                self.conn, actor=self.cast.guest(Role.CENTRE_LEADER), number=case.number,
                move=Move.SUPERVISE, fields={"note": "市民多次反映，请今日内反馈进展。"},
                expected_version=case.version, now=self.now - (50 - 10 * number) * _MINUTE,
            )  # fmt: skip

    def _answer_reporters(self) -> None:
        for number in self.conn.scalars(_FOLLOWED).all():
            reply(
                self.conn, actor=self.cast.guest(Role.ACCEPTOR), number=number,
                words="已派专业部门处理，预计今日完成，完成后再告知您。",
                key=f"demo-reply-{number}", now=self.now - 20 * _MINUTE,
            )  # fmt: skip

    def _keep_filters(self) -> None:
        kept = (
            (Role.DISPATCHER, "超时未结", CaseFilter(lamp=Lamp.RED), DISTRICT),
            (Role.DISPATCHER, "来电案件", CaseFilter(sources=("call_desk",)), None),
            (Role.MANAGER, "仲裁与挂账", CaseFilter(states=_STUCK), DISTRICT),
            (Role.SHIFT_LEADER, "垃圾类", CaseFilter(classes=_WASTE), None),
        )
        for role, title, wanted, shared in kept:
            draft = FilterDraft("list", title, wanted, shared)
            save_filter(self.conn, actor=self.cast.guest(role), draft=draft, now=self.now)

    def _stand_in(self) -> None:
        """A colleague is away this week: the guest does that one's work too."""
        for role in (Role.SHIFT_LEADER, Role.HANDLER):
            guest = self.cast.guest(role)
            same = [self.cast.actor(p) for p in self.cast.people.by_role[role]]
            others = [a for a in same if a != guest and a.department_id == guest.department_id]
            if others and guest.person_id and others[0].person_id:
                name_substitute(
                    self.conn, actor=others[0], person_id=others[0].person_id,
                    substitute_id=guest.person_id, first_day=self.today,
                    last_day=self.today + timedelta(days=6), today=self.today,
                    now=self.now - 10 * _HOUR,
                )  # fmt: skip


_STUCK = (State.ARBITRATION, State.SUSPENDED, State.EXTENSION_REVIEW)
_WASTE = tuple(f"{EDITION}e{code}" for code in ("0110", "0111", "0112"))

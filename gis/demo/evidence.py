"""Photos that say where and when they were taken; those of one supervisor do not fit."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import Connection

from gis.accounts.model import Role
from gis.cases.evidence.checks import Shown, look_at_step
from gis.cases.evidence.rules import AFTER
from gis.cases.settings import CaseSettings
from gis.demo.people import People
from gis.demo.photos import Pictures
from gis.demo.replay import Event, Life
from gis.files.commands import store_photo
from gis.files.evidence import Evidence
from gis.files.images import Photo

_PEOPLE, _STEPS, _ODD_STEPS = 8, 6, 12
"""Whose photos say more, how many of each, and how many of the one who stands out."""
_PERIOD = timedelta(days=28)
"""As far back as the auditor looks, less two days."""
_DEGREES_A_METRE = 1 / 100_000
_CAMERA = "演示手机"


@dataclass(frozen=True)
class _Step:
    """A verification or check with its photo."""

    life: Life
    seq: int

    @property
    def event(self) -> Event:
        return self.life.events[self.seq - 1]

    @property
    def since(self) -> datetime | None:
        """When the supervisor was sent."""
        orders = AFTER[self.event.step.move]
        before = self.life.events[: self.seq - 1]
        return next((e.step.at for e in reversed(before) if e.step.move in orders), None)


class OwnPhotos:
    """Gives some steps photos of their own, and has those of the odd one looked at."""

    def __init__(
        self, pictures: Pictures, files: Path | None, rng: np.random.Generator, now: datetime
    ) -> None:
        self.pictures, self.files, self.rng, self.now = pictures, files, rng, now
        self._odd: list[_Step] = []
        self._others: list[_Step] = []

    def choose(self, lives: Sequence[Life], people: People) -> None:
        """Whose steps get photos of their own: the busiest supervisors; one of them is odd."""
        by_person: dict[int, list[_Step]] = {}
        for step in _checks(lives, since=self.now - _PERIOD):
            by_person.setdefault(step.event.step.actor_id or 0, []).append(step)
        guest = people.guests[Role.SUPERVISOR]
        ranked = sorted(by_person, key=lambda person: (-len(by_person[person]), person))
        odd = next((person for person in ranked if person != guest), ranked[0])
        self._odd = by_person[odd][-_ODD_STEPS:]
        self._others = [s for p in ranked[:_PEOPLE] if p != odd for s in by_person[p][-_STEPS:]]

    def store(self, conn: Connection) -> None:
        """Before the histories are written: the steps get their photos."""
        drawn = {photo.sha256: photo for photo in self.pictures.values()}
        for step, evidence in [*self._fitting(), *self._astray()]:
            purpose, sha = step.event.photos[0]
            step.event.photos[0] = (purpose, self._keep(conn, drawn[sha], evidence, None))
            step.event.audit["photos"] = [sha for _, sha in step.event.photos]

    def taken(self, conn: Connection, *, by: int | None, lonlat: tuple[float, float]) -> str:
        """A photo that somebody has taken on the spot just now, and sent."""
        evidence = Evidence(self.now.replace(microsecond=0), *lonlat, _CAMERA)
        return self._keep(conn, self.pictures["after", "waste", 0], evidence, by)

    def _keep(self, conn: Connection, photo: Photo, evidence: Evidence, by: int | None) -> str:
        with TemporaryDirectory() as elsewhere:
            return store_photo(
                conn,
                photo=_stamped(photo, evidence),
                uploaded_by=by,
                now=self.now,
                root=self.files or Path(elsewhere),
            )

    def look(self, conn: Connection) -> int:
        """After the histories were written: what the product finds; answers how much."""
        settings, found = CaseSettings(), 0
        for step in sorted(self._odd, key=lambda one: one.event.step.at):
            made = step.event.step
            photos = tuple(sha for _, sha in step.event.photos)
            shown = Shown(
                step.life.case.id, step.seq, photos, made.actor_id, str(made.role), step.since,
                made.at,
            )  # fmt: skip
            found += look_at_step(conn, shown, settings)
        return found

    def _fitting(self) -> Iterator[tuple[_Step, Evidence]]:
        for step in self._others:
            taken = step.event.step.at - timedelta(minutes=float(self.rng.uniform(0.2, 2)))
            yield step, self._at(step, metres=float(abs(self.rng.normal(8, 6))), taken=taken)

    def _astray(self) -> Iterator[tuple[_Step, Evidence]]:
        """In turn: far away, taken before the order; every third keeps a picture used before."""
        for n, step in enumerate(self._odd):
            at = step.event.step.at
            if n % 3 == 0:
                yield step, self._at(step, metres=float(self.rng.uniform(260, 900)), taken=at)
            elif n % 3 == 1:
                early = (step.since or at) - timedelta(hours=float(self.rng.uniform(3, 40)))
                yield step, self._at(step, metres=float(self.rng.uniform(150, 400)), taken=early)

    def _at(self, step: _Step, *, metres: float, taken: datetime) -> Evidence:
        turn = float(self.rng.uniform(0, 2 * np.pi))
        draft = step.life.draft
        return Evidence(
            taken_at=taken.replace(microsecond=0),
            lon=round(draft.lon + np.cos(turn) * metres * _DEGREES_A_METRE * 1.17, 7),
            lat=round(draft.lat + np.sin(turn) * metres * _DEGREES_A_METRE * 0.9, 7),
            camera=_CAMERA,
        )


def _checks(lives: Sequence[Life], *, since: datetime) -> Iterator[_Step]:
    for life in lives:
        for seq, event in enumerate(life.events, start=1):
            sent = event.step.role is Role.SUPERVISOR and event.step.move in AFTER
            if sent and event.photos and event.step.at >= since:
                yield _Step(life, seq)


def _stamped(photo: Photo, evidence: Evidence) -> Photo:
    """The same picture as a file of its own: a comment of JPEG with what the camera said."""
    words = f"demo {evidence.taken_at} {evidence.lon} {evidence.lat}".encode()
    comment = b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words
    data = photo.data[:2] + comment + photo.data[2:]
    sha = hashlib.sha256(data).hexdigest()
    return replace(photo, data=data, sha256=sha, original_sha256=sha, evidence=evidence)

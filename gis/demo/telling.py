"""What people write about a case: sentences of its class, with a place as locals say it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeVar

import numpy as np
import shapely

from gis.demo.copying import to_work
from gis.demo.drafts import Draft
from gis.demo.ground import Ground
from gis.demo.sizes import read_rows

_T = TypeVar("_T")
_SIDES = ("东侧", "西侧", "南侧", "北侧")
_HOUSES = ("号门前", "号院外", "号旁", "号对面")
_SINCE = ("今早起", "已有两天", "已有三天", "一周多", "节后至今")
_OPENINGS = {
    "supervisor": ("", "", "", "巡查发现，"),
    "call_desk": ("市民来电：", "市民来电反映，", "来电人称"),
    "system": ("监测设备提示：", "视频巡检发现，"),
}
_ENDINGS = {
    "supervisor": ("", "", "", "已拍照。"),
    "call_desk": ("希望尽快处理。", "请派人看看。", "之前也反映过。", ""),
    "system": ("",),
}


@cache
def _sentences() -> Mapping[tuple[str, str], Sequence[dict[str, str]]]:
    """The rows of `data/demo/reports.csv` by kind and class."""
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in read_rows("reports"):
        for code in row["classes"].split("|"):
            found.setdefault((row["kind"], code), []).append(row)
    return found


def theme_of(draft: Draft) -> str:
    """What a picture of such a case shows; a name of `gis.demo.photos.THEMES`."""
    return _sentences()[str(draft.kind), draft.class_code][0]["theme"]


class Telling:
    """Words for the drafts of one ground."""

    def __init__(self, ground: Ground, drafts: Sequence[Draft], rng: np.random.Generator) -> None:
        self.rng = rng
        roads = ground.town.roads
        tree = shapely.STRtree(roads.geometry.to_numpy())
        points = shapely.points(to_work(np.array([(d.lon, d.lat) for d in drafts])))
        nearest = tree.nearest(points)
        self._road = {
            id(draft): (str(name), int(rank))
            for draft, name, rank in zip(
                drafts, roads["name"].iloc[nearest], roads["rank"].iloc[nearest], strict=True
            )
        }

    def report(self, draft: Draft, name: str) -> str:
        """The description of a case; `name` is that of its class."""
        rows = _sentences()[str(draft.kind), draft.class_code]
        said = self._one(rows)["text"].format(
            place=self._place(draft),
            name=name,
            n=int(self.rng.integers(2, 9)),
            since=self._one(_SINCE),
        )
        return f"{self._one(_OPENINGS[draft.source])}{said}{self._one(_ENDINGS[draft.source])}"

    def _place(self, draft: Draft) -> str:
        road, rank = self._road[id(draft)]
        if rank < 3 and self.rng.random() < 0.6:
            return f"{road}{self._one(_SIDES)}"
        return f"{road}{int(self.rng.integers(1, 88))}{self._one(_HOUSES)}"

    def _one(self, options: Sequence[_T]) -> _T:
        return options[int(self.rng.integers(len(options)))]

"""
Synthetic pairs of reports in Chinese, a good half of them about one thing.

Made by this program with a seed; nobody reported any of it. An incident has a class, an object, a
fault and a landmark; every reporter words it alone, from near words, in another order, with more
or less beside it, through a position that is off by as much as phones are, in a class that is not
always the right one. The hard pairs among the others: another incident of the class some metres
on, another class on the spot, and the same wrong come back weeks later.
"""

import math
import random
from dataclasses import dataclass
from datetime import timedelta

SEED = 20261122
PAIRS = 4_000

PLACES = (
    ("小区东门", "东门口", "小区门口靠东"), ("公交站旁", "公交站牌边上", "车站那里"),
    ("学校门口", "小学大门外", "学校附近"), ("菜市场入口", "市场门口", "农贸市场边"),
    ("路口西北角", "十字路口", "红绿灯那个口"), ("胡同中段", "胡同里面", "巷子中间"),
    ("超市后面", "超市后门", "超市背后"), ("河边步道", "沿河的路", "河岸边"),
    ("医院北侧", "医院旁边的路", "医院北墙外"), ("停车场出口", "停车场边", "车库出口"),
    ("地铁口", "地铁站C口", "地铁出入口"), ("公园南门", "公园门口", "公园边上"),
    ("幼儿园围墙外", "幼儿园旁", "幼儿园墙根"), ("立交桥下", "桥底下", "桥洞里"),
)  # fmt: skip

_Words = tuple[tuple[str, ...], ...]
_WORDS = """
event 0110
  生活垃圾/垃圾/垃圾袋 厨余垃圾/剩菜垃圾/泔水 纸箱塑料袋/废纸箱/纸壳
  堆了一地/成堆/堆着没清 无人清理/没人收/好几天没清运 发臭/味道很大/有异味
event 0111
  建筑渣土/渣土/装修垃圾 砖头水泥块/碎砖/砖块 沙石/沙子石子/沙土
  堆在路边/占了半边路/倒在路上 偷倒/乱倒/随意倾倒 扬尘/一刮风都是土/尘土大
event 0112
  污水/脏水/泥水 油污/油渍/地面油 落叶/树叶/枯叶
  满地都是/流了一片/路面很脏 没有清扫/没扫干净/保洁不到位 打滑/容易摔/有人滑倒
event 0113
  路面/马路/车行道 人行道砖/便道砖/方砖 井边路面/井盖周围/井圈旁
  破损/坏了/碎了 塌陷/陷下去一块/下沉 坑洼/有个坑/大坑
event 0117
  绿地/绿化带/草坪 花坛/花池/花圃 树坑/树池/树穴
  有垃圾/被扔垃圾/都是杂物 被踩坏/踩秃了/草都没了 杂草/长满草/没人打理
event 0136
  旧家具/沙发床垫/破沙发 木料/木板/木头 杂物/废品/破烂
  占道/挡路/堵住通道 堆放/乱堆/放了很久 消防通道/挡着消防/救火车进不来
event 0201
  小广告/广告贴纸/野广告 开锁广告/疏通下水广告/办证广告 喷涂电话/喷的号码/墙上电话
  贴满/到处都是/贴了好多 电线杆上/杆子上/灯杆上 墙面/楼道墙/围墙上
event 0302
  施工围挡/围挡/挡板 挖沟/开挖/挖路 材料/管子/施工材料
  占用车道/占了机动车道/占道 没有告示/无许可牌/没挂牌 夜里施工/半夜还干/晚上很吵
event 0401
  流动摊贩/摆摊的/小贩 烧烤摊/烤串的/烧烤 水果车/卖水果的/三轮车卖水果
  占道经营/占着便道/堵在路上 油烟/冒烟/烟很大 吆喝扰民/喇叭声/很吵
component 0102
  污水井盖/井盖/下水道井盖 井圈/井口边/井座 防护网/井里的网/防坠网
  破裂/裂了/碎成两半 丢失/不见了/没盖子 响动/车过就响/松动
component 0137
  路灯/灯/照明灯 灯杆/灯柱/路灯杆 灯罩/灯头/灯泡
  不亮/灭了/晚上没光 歪斜/斜了/快倒了 闪烁/一闪一闪/忽明忽暗
component 0217
  护栏/栏杆/隔离栏 隔离墩/石墩/水泥墩 立柱/柱子/栏杆柱
  倒了/倒伏/被撞倒 缺了一段/少一截/断开 变形/弯了/撞弯
"""
"""A class, its objects, its faults; words between slashes are used for the same thing."""


def _read(block: str) -> dict[tuple[str, str], tuple[_Words, _Words]]:
    lines = [line.split() for line in block.strip().splitlines()]
    groups = [[tuple(word.split("/")) for word in line] for line in lines]
    return {
        (lines[at][0], lines[at][1]): (tuple(groups[at + 1]), tuple(groups[at + 2]))
        for at in range(0, len(lines), 3)
    }


KINDS = _read(_WORDS)
STYLES = (
    "{place}{thing}{fault}。", "{place}有{thing}，{fault}。", "{thing}{fault}，在{place}。",
    "巡查发现{place}{thing}{fault}，请及时处理。", "市民来电反映{place}{thing}{fault}，影响通行。",
    "{thing}{fault}", "你好，{place}这里{thing}{fault}，{second}，希望尽快处理，谢谢",
    "{place}{thing}，{second}。", "居民反映{thing}{fault}，{second}，位置见地图。",
    "{place}，{fault}",
)  # fmt: skip
SLIPS = {("event", "0110"): ("event", "0112"), ("event", "0111"): ("event", "0136"),
         ("event", "0136"): ("event", "0111"), ("event", "0112"): ("event", "0110"),
         ("event", "0113"): ("component", "0102"), ("component", "0102"): ("event", "0113"),
         ("event", "0401"): ("event", "0302")}  # fmt: skip
"""Classes taken for one another."""


@dataclass(frozen=True)
class Report:
    """A report as the comparison sees it."""

    kind: str
    code: str
    text: str
    x_m: float
    y_m: float
    at: timedelta


@dataclass(frozen=True)
class Pair:
    """Two reports, and whether one thing was meant."""

    first: Report
    second: Report
    same: bool

    @property
    def distance_m(self) -> float:
        """Metres between both."""
        return math.hypot(self.first.x_m - self.second.x_m, self.first.y_m - self.second.y_m)

    @property
    def apart(self) -> timedelta:
        """Time between both."""
        return abs(self.second.at - self.first.at)


@dataclass(frozen=True)
class _Incident:
    kind: tuple[str, str]
    thing: int
    fault: int
    second: int
    place: int
    x_m: float
    y_m: float


def _incident(rng: random.Random, x: float, y: float, kind: tuple[str, str] | None) -> _Incident:
    kind = kind or rng.choice(list(KINDS))
    return _Incident(
        kind, rng.randrange(3), rng.randrange(3), rng.randrange(3), rng.randrange(len(PLACES)), x, y
    )


def _told(rng: random.Random, what: _Incident, at: timedelta) -> Report:
    """One person's report of an incident."""
    things, faults = KINDS[what.kind]
    words = rng.choice(STYLES).format(
        place=rng.choice(PLACES[what.place]),
        thing=rng.choice(things[what.thing]),
        fault=rng.choice(faults[what.fault]),
        second=rng.choice(faults[what.second]),
    )
    if rng.random() < 0.08:
        words = ""
    kind = SLIPS.get(what.kind, what.kind) if rng.random() < 0.12 else what.kind
    stands, turn = rng.uniform(0, 15), rng.uniform(0, 2 * math.pi)
    x = what.x_m + rng.gauss(0, 9) + stands * math.cos(turn)
    y = what.y_m + rng.gauss(0, 9) + stands * math.sin(turn)
    return Report(*kind, words, x, y, at)


def _away(rng: random.Random, nearest: float, farthest: float) -> tuple[float, float]:
    distance, turn = rng.uniform(nearest, farthest), rng.uniform(0, 2 * math.pi)
    return distance * math.cos(turn), distance * math.sin(turn)


def _gap(rng: random.Random, *, soon: float) -> timedelta:
    """Within a day or so, or while a case is open for three weeks: both happen to all pairs."""
    if rng.random() < soon:
        return timedelta(hours=rng.expovariate(1 / 20))
    return timedelta(days=rng.uniform(0, 20))


def _pair(rng: random.Random) -> Pair:
    one = _incident(rng, 0, 0, None)
    drawn = rng.random()
    if drawn < 0.5:  # one thing, reported twice
        gap = _gap(rng, soon=0.7)
        return Pair(_told(rng, one, timedelta(0)), _told(rng, one, gap), same=True)
    if drawn < 0.68:  # the same class, some metres on
        other = _incident(rng, *_away(rng, 15, 90), one.kind)
        gap = _gap(rng, soon=0.4)
    elif drawn < 0.82:  # another class on the spot
        other = _incident(rng, *_away(rng, 0, 25), None)
        gap = _gap(rng, soon=0.4)
    elif drawn < 0.88:  # one thing again: the first case is open for weeks and still not done
        gap = timedelta(days=rng.uniform(20, 90))
        return Pair(_told(rng, one, timedelta(0)), _told(rng, one, gap), same=True)
    else:  # anything around
        other = _incident(rng, *_away(rng, 10, 110), None)
        gap = _gap(rng, soon=0.4)
    return Pair(_told(rng, one, timedelta(0)), _told(rng, other, gap), same=False)


def synthetic_pairs(seed: int = SEED, count: int = PAIRS) -> list[Pair]:
    """The whole set; the same seed gives the same pairs."""
    rng = random.Random(seed)
    return [_pair(rng) for _ in range(count)]


def halves() -> tuple[list[Pair], list[Pair]]:
    """The half that weights are tuned on, and the one that is measured."""
    pairs = synthetic_pairs()
    return pairs[::2], pairs[1::2]

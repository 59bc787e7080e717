"""What a list shows besides its rows: the filter in words, for people and for files."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from gis.cases.desks.filters import CaseFilter, Show, params_of
from gis.cases.model import State
from gis.cases.queues import Order
from gis.cases.screen import SOURCES
from gis.cases.workflow import STATES
from gis.errors import Term
from gis.worktime.model import Lamp

FIELD_NAMES: Final[Mapping[str, Term]] = {
    "q": Term("搜索", "Search"),
    "area": Term("区域", "Area"),
    "state": Term("状态", "State"),
    "class": Term("类别", "Class"),
    "department": Term("承办部门", "Department"),
    "source": Term("来源", "Source"),
    "from": Term("上报起始日", "Reported from"),
    "to": Term("上报截止日", "Reported to"),
    "lamp": Term("时限灯", "Lamp"),
    "show": Term("范围", "Show"),
    "order": Term("排序", "Order"),
    "columns": Term("列", "Columns"),
}
SHOW_NAMES: Final[Mapping[Show, Term]] = {
    Show.OPEN: Term("未结", "Open"),
    Show.ENDED: Term("已结束", "Ended"),
    Show.ALL: Term("全部", "All"),
}
ORDER_NAMES: Final[Mapping[Order, Term]] = {
    Order.DUE: Term("按截止时间（仅未结）", "By deadline (open only)"),
    Order.NEWEST: Term("最新上报在前", "Newest first"),
    Order.OLDEST: Term("最早上报在前", "Oldest first"),
}
LAMP_NAMES: Final[Mapping[Lamp, Term]] = {
    Lamp.RED: Term("红：已超时", "Red: overdue"),
    Lamp.YELLOW: Term("黄：即将超时", "Yellow: due soon"),
    Lamp.GREEN: Term("绿：时限内", "Green: in time"),
}
_VALUES: Final[Mapping[str, Callable[[str], Term | None]]] = {
    "state": lambda value: STATES[State(value)].name,
    "source": SOURCES.get,
    "lamp": lambda value: LAMP_NAMES[Lamp(value)],
    "show": lambda value: SHOW_NAMES[Show(value)],
    "order": lambda value: ORDER_NAMES[Order(value)],
}


def filter_lines(
    wanted: CaseFilter, *, locale: str, names: Mapping[str, Mapping[Any, Term]]
) -> list[str]:
    """
    The filter in words, a line for each thing it narrows; the usual show and order are said too.

    `names` holds the names of areas, classes and departments under `area`, `class` and
    `department`; what has none there is shown as its code.
    """
    params = params_of(wanted)
    params.setdefault("show", str(wanted.show))
    params.setdefault("order", str(wanted.order))
    lines = []
    for field, label in FIELD_NAMES.items():
        if field in params and field != "columns":
            values = [params[field]] if field == "q" else params[field].split(",")
            said = "、".join(_said(field, value, locale, names) for value in values)
            lines.append(f"{label.text(locale)}: {said}")
    return lines


def _said(field: str, value: str, locale: str, names: Mapping[str, Mapping[Any, Term]]) -> str:
    known = names.get(field, {})
    term = known.get(value) or known.get(int(value) if value.isdigit() else value)
    if term is None and field in _VALUES:
        term = _VALUES[field](value)
    return term.text(locale) if term else value

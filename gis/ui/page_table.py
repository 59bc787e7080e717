"""The table of pages: what exists, who may open it, where each role begins."""

from dataclasses import dataclass

from gis.accounts.model import Actor, Permission, Role
from gis.config import CHECKOUT
from gis.i18n import N_

PAGES = CHECKOUT / "pages"


@dataclass(frozen=True)
class Page:
    """A row of the table."""

    file: str
    title: str
    icon: str
    permission: Permission | None
    """None: everybody who is signed in."""
    says: str
    """What one does there, in a sentence."""
    roles: tuple[Role, ...] = ()
    """Shown in the navigation to these roles only; empty: to all who have the permission."""
    daily: tuple[Role, ...] | None = None
    """Whose daily work it is; for others it stands folded in the menu. None: everybody's."""
    hidden: bool = False
    """Reached from other pages, not listed."""

    @property
    def url_path(self) -> str:
        """The page's address."""
        return self.file.removesuffix(".py")


_LEADERS = (Role.SHIFT_LEADER, Role.CENTRE_LEADER, Role.MANAGER)

TABLE = (
    Page("home.py", N_("Start"), "home", None, N_("Your work and the way to it.")),
    Page(
        "inbox.py", N_("Inbox"), "task_alt", Permission.MOVE_CASES,
        N_("All your tasks by deadline, with what is new."),
    ),
    Page(
        "log.py", N_("Log a case"), "add_a_photo", Permission.LOG_CASES,
        N_("Report what you see, with place, class and photos; works without a network."),
    ),
    Page(
        "call_desk.py", N_("Call desk"), "call", Permission.TAKE_CALLS,
        N_("Take citizens' calls, say how their cases stand, ring back after the end."),
    ),
    Page(
        "acceptance.py", N_("Acceptance"), "inbox", Permission.MOVE_CASES,
        N_("Register reports, send them to be verified, turn away what does not belong here."),
        (Role.ACCEPTOR,),
    ),
    Page(
        "filing.py", N_("Filing"), "assignment_turned_in", Permission.MOVE_CASES,
        N_("Decide which registered reports become cases, and close what is done."),
        (Role.SHIFT_LEADER,),
    ),
    Page(
        "dispatch.py", N_("Dispatch"), "alt_route", Permission.MOVE_CASES,
        N_("Send filed cases to the department that must act."),
        (Role.DISPATCHER,),
    ),
    Page(
        "arbitration.py", N_("Arbitration"), "balance", Permission.MOVE_CASES,
        N_("Decide which department acts when cases are returned again and again."),
        (Role.ARBITER,),
    ),
    Page(
        "handling.py", N_("Handling"), "construction", Permission.MOVE_CASES,
        N_("Take up your department's cases and report the result with photos."),
        (Role.HANDLER,),
    ),
    Page(
        "checking.py", N_("Checks"), "fact_check", Permission.MOVE_CASES,
        N_("Verify reports and check results on the spot."),
        (Role.SUPERVISOR,),
    ),
    Page(
        "cases.py", N_("All cases"), "list_alt", Permission.VIEW_CASES,
        N_("Find cases by number, place, class, state and time."),
    ),
    Page(
        "case.py", N_("Case"), "description", Permission.VIEW_CASES,
        N_("One case with its history."), hidden=True,
    ),
    Page(
        "map.py", N_("Map"), "map", Permission.VIEW_MAP,
        N_("All layers on the unit grid; click for what is in a cell."),
    ),
    Page(
        "repeats.py", N_("Repeat places"), "repeat", Permission.VIEW_CASES,
        N_("Where the same thing is reported again and again."),
        daily=_LEADERS,
    ),
    Page(
        "statistics.py", N_("Statistics"), "bar_chart", Permission.VIEW_STATISTICS,
        N_("How many, how fast, where; every number opens the cases behind it."),
    ),
    Page(
        "audit.py", N_("Case audit"), "policy", Permission.AUDIT_CASES,
        N_("Judge photos that do not fit, compare supervisors, audit self-handled cases."),
        daily=(Role.AUDITOR,),
    ),
    Page(
        "people.py", N_("Staff"), "group", Permission.VIEW_PEOPLE,
        N_("Persons, posts, departments and the cells of supervisors."),
        daily=(Role.ADMINISTRATOR,),
    ),
    Page(
        "roster.py", N_("Duty roster"), "calendar_month", Permission.VIEW_PEOPLE,
        N_("Who is on duty, shift by shift, and where nobody is."),
        daily=(Role.SHIFT_LEADER, Role.DUTY_OFFICER, Role.ADMINISTRATOR),
    ),
    Page(
        "rules.py", N_("Dispatch rules"), "rule", Permission.MANAGE_RULES,
        N_("Which department gets what where: edit, try, explain, and see what is missing."),
        daily=(Role.ADMINISTRATOR,),
    ),
    Page(
        "styles.py", N_("Map styles"), "palette", Permission.MANAGE_STYLES,
        N_("How each layer of the map looks: colours, classes, labels, with versions."),
        daily=(Role.ADMINISTRATOR,),
    ),
    Page(
        "reveals.py", N_("Looks at numbers"), "visibility", Permission.VIEW_AUDIT,
        N_("Who looked at callers' telephone numbers, how often and why."),
        daily=(Role.AUDITOR,),
    ),
    Page(
        "settings.py", N_("Settings"), "tune", Permission.MANAGE_RULES,
        N_("Everything the district sets about itself, with defaults, origins and history."),
        daily=(Role.ADMINISTRATOR,),
    ),
    Page(
        "work_calendar.py", N_("Working calendar"), "event_available", Permission.MANAGE_RULES,
        N_("Holidays and moved workdays, each with its source; deadlines follow what is changed."),
        daily=(Role.ADMINISTRATOR,),
    ),
    Page(
        "about.py", N_("About"), "info", None,
        N_("Where the data come from, what was generated, how this copy is doing."),
        daily=(),
    ),
)  # fmt: skip

ADDRESSES = frozenset({"", *(page.url_path for page in TABLE)})
"""The paths of the pages without their slash; the start page has none."""

FIRST = {
    Role.SUPERVISOR: "log.py",
    Role.ACCEPTOR: "acceptance.py",
    Role.SHIFT_LEADER: "filing.py",
    Role.DISPATCHER: "dispatch.py",
    Role.HANDLER: "handling.py",
    Role.ARBITER: "arbitration.py",
    Role.CENTRE_LEADER: "statistics.py",
    Role.PLANNER: "map.py",
    Role.DUTY_OFFICER: "map.py",
    Role.MANAGER: "statistics.py",
    Role.AUDITOR: "audit.py",
    Role.DATA_OWNER: "map.py",
    Role.ADMINISTRATOR: "people.py",
}
"""The page each role works on most: the first button of the start page."""


QUEUE_PAGES = {
    "acceptance": "acceptance.py",
    "filing": "filing.py",
    "dispatch": "dispatch.py",
    "arbitration": "arbitration.py",
    "handling": "handling.py",
    "handling_mine": "handling.py",
    "handling_nobody": "handling.py",
    "assisting": "handling.py",
    "checking": "checking.py",
    "nobody_on_duty": "cases.py",
    "to_audit": "cases.py",
    "my_reports": "cases.py",
    "open": "cases.py",
}
"""Where each queue is worked on: the counts of the start page lead there."""


def offered(actor: Actor) -> list[Page]:
    """The pages that exist and that `actor` may open, in the order of the table."""
    return [
        page
        for page in TABLE
        if (PAGES / page.file).is_file()
        and (page.permission is None or actor.may(page.permission))
        and (not page.roles or actor.has(*page.roles))
    ]


def first_page(actor: Actor) -> Page | None:
    """The page of the actor's first role; None where it does not exist."""
    files = [FIRST[role] for role in Role if role in actor.roles and role in FIRST]
    return next((page for file in files for page in offered(actor) if page.file == file), None)


def menu_of(actor: Actor) -> tuple[list[Page], list[Page]]:
    """What stands open in the menu, the page one works on most above the others; what is folded."""
    listed = [page for page in offered(actor) if not page.hidden]
    daily = [p for p in listed if p.daily is None or actor.has(*p.daily)]
    first = first_page(actor)
    daily.sort(key=lambda page: (page.file != "home.py", page != first))
    return daily, [page for page in listed if page not in daily]

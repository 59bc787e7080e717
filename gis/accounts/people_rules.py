"""What a person, a post and a department must look like: pure checks, all faults at once."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from gis.accounts.model import Role
from gis.errors import Fault, Invalid, fault
from gis.i18n import N_

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]")
_AREA = re.compile(r"[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{14,16}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
NAME_MOST = 50
DEPARTMENT_KINDS = ("supervision_centre", "command_centre", "department", "street")

APART = ((Role.ADMINISTRATOR, Role.AUDITOR),)
"""Posts that one person may not hold together: who changes and who reviews are apart."""


@dataclass(frozen=True)
class PersonDraft:
    """What is typed about a person."""

    login: str
    name: str
    department_id: int
    phone: str = ""


def check_person(draft: PersonDraft) -> None:
    """
    Accept what was typed or name every fault.

    Raises
    ------
    Invalid
        One fault per field.
    """
    faults: list[Fault] = []
    if not _LOGIN.fullmatch(draft.login):
        faults.append(
            fault(
                "login",
                N_("A login has 3 to 40 small letters, digits, dots or dashes, a letter first."),
            )
        )
    faults += name_faults(name=draft.name)
    if draft.phone and not _PHONE.fullmatch(draft.phone):
        faults.append(fault("phone", N_("A phone number has 6 to 20 digits, spaces or dashes.")))
    raise_if(faults)


def check_post(role: Role, area_code: str, valid_from: date, today: date) -> None:
    """
    Accept a post or name every fault.

    Raises
    ------
    Invalid
        The area is no code, the role is the product's own, or the post would begin in the past.
    """
    faults: list[Fault] = []
    if role is Role.SYSTEM:
        faults.append(fault("role", N_("The system's role belongs to the product itself.")))
    faults += _area_faults(area_code)
    if valid_from < today:
        faults.append(fault("valid_from", N_("A post cannot begin in the past.")))
    raise_if(faults)


def roles_apart(held: Collection[Role], wanted: Role) -> Role | None:
    """The held role that forbids `wanted`; None: nothing does."""
    for one, other in APART:
        for mine, its in ((one, other), (other, one)):
            if wanted is mine and its in held:
                return its
    return None


@dataclass(frozen=True)
class DepartmentDraft:
    """What is typed about a department."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    area_code: str = ""


def check_department(draft: DepartmentDraft) -> None:
    """
    Accept what was typed or name every fault.

    Raises
    ------
    Invalid
        One fault per field.
    """
    faults: list[Fault] = []
    if not _CODE.fullmatch(draft.code):
        faults.append(
            fault("code", N_("A department's code has 1 to 20 letters, digits or dashes."))
        )
    if draft.kind not in DEPARTMENT_KINDS:
        faults.append(fault("kind", N_("Choose one of the kinds of departments.")))
    faults += name_faults(name_zh=draft.name_zh, name_en=draft.name_en)
    faults += _area_faults(draft.area_code) if draft.area_code else []
    raise_if(faults)


def name_faults(**names: str) -> list[Fault]:
    """What is wrong with names, by the field that holds each."""
    words = N_("A name has 1 to {most} characters.")
    return [
        fault(field, words, most=NAME_MOST)
        for field, name in names.items()
        if not 0 < len(name.strip()) <= NAME_MOST
    ]


def _area_faults(code: str) -> list[Fault]:
    if _AREA.fullmatch(code):
        return []
    words = N_("An area code has 4, 6, 9 or 12 digits, a grid code 14 to 16.")
    return [fault("area_code", words)]


def raise_if(faults: list[Fault]) -> None:
    """
    Name every fault of what was typed; nothing where there is none.

    Raises
    ------
    Invalid
        When there is one.
    """
    if faults:
        raise Invalid(N_("Some fields need another look."), faults=faults)

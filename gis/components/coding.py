"""The code of a component (部件代码), per edition."""

import pandas as pd

from gis.errors import Invalid
from gis.i18n import N_

SERIAL_DIGITS = 6
HIGHEST_SERIAL = 10**SERIAL_DIGITS - 1
CODE_LENGTH = 16
"""GB/T 30428.2-2013: 6 county + 2 class + 2 subclass + 6 serial."""


def component_code(district_code: str, class_code: str, serial: int) -> str:
    """
    The 16 digits of component number `serial` of its class in a district.

    Raises
    ------
    Invalid
        When a part has the wrong length or the serial is not in 1…999999.

    Notes
    -----
    Source: GB/T 30428.2-2013, as restated by data standards of two cities.
    """
    parts = district_code + class_code
    if len(district_code) != 6 or len(class_code) != 4 or not parts.isdecimal():
        raise Invalid(
            N_("{district} and {component_class} do not begin a component code: 6 + 4 digits."),
            district=district_code,
            component_class=class_code,
        )
    if not 1 <= serial <= HIGHEST_SERIAL:
        raise Invalid(
            N_("Serial {serial} of a component is not in 1 to {highest}."),
            serial=serial,
            highest=HIGHEST_SERIAL,
        )
    return f"{parts}{serial:0{SERIAL_DIGITS}d}"


def component_codes(district_codes: pd.Series, class_codes: pd.Series) -> pd.Series:
    """
    Codes for many new components of empty districts: serials from 1 in the order given.

    Raises
    ------
    Invalid
        When a class has more components than serials.
    """
    prefix = district_codes + class_codes
    serial = prefix.groupby(prefix).cumcount() + 1
    if len(serial) and int(serial.max()) > HIGHEST_SERIAL:
        component_code("0" * 6, "0" * 4, int(serial.max()))
    return prefix + serial.astype(str).str.zfill(SERIAL_DIGITS)

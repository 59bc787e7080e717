"""Log a case: what somebody in the street sees and reports."""

from gis.accounts.model import Permission
from gis.ui.log_case import log_case_form
from gis.ui.session import open_page
from gis.ui.words import _, locale

open_page(_("Log a case"), Permission.LOG_CASES)
log_case_form(
    locale=locale(),
    failed=_("The form could not be loaded. Open {address} or try again in a minute.").format(
        address="/log/phone"
    ),
)

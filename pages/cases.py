"""All cases: find, narrow, sort and take out the cases of the area."""

from gis.accounts.model import Permission
from gis.ui.case_list import case_list
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("All cases"), Permission.VIEW_CASES)
case_list()

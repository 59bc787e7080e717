"""What tests of cases share."""

import pytest
from sqlalchemy import Connection

from tests.case_life import Cast, make_cast


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)

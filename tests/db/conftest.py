"""What tests on a database share."""

import pytest
from sqlalchemy import Connection

from tests import factories as make
from tests.db.other_street import (
    EVERYBODY,
    OWN_STREET,
    World,
    fill_cell,
)


@pytest.fixture
def world(conn: Connection) -> World:
    cell = make.make_cell(conn)
    fill_cell(conn, cell, OWN_STREET, 0, 0)
    make.make_case(conn)
    local = make.make_actor(conn, *EVERYBODY, scope=(OWN_STREET,))
    return World(conn, local, make.make_actor(conn, *EVERYBODY))

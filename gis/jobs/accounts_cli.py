"""`accounts create-admin|list|revoke|set-password`: persons from the command line."""

import argparse
import getpass
import json
import sys
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from gis.accounts.commands import create_administrator, revoke_sessions, set_password
from gis.accounts.model import SYSTEM
from gis.accounts.passwords import check_policy, hash_password
from gis.accounts.people_rules import PersonDraft, check_person
from gis.db.engine import transaction
from gis.db.settings import read_setting
from gis.errors import Invalid, NotFound, fault
from gis.i18n import N_
from gis.runtime import runtime

LISTED_MOST = 1000


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("accounts", help="persons, posts and the first administrator")
    actions = parser.add_subparsers(dest="action", required=True)
    admin = actions.add_parser(
        "create-admin", help="add a real administrator; the first one ends one-click sign-in"
    )
    admin.add_argument("--login", required=True, help="small letters, digits, dots or dashes")
    admin.add_argument("--name", required=True, help="the person's name")
    admin.add_argument("--area", help="area code of the post (default: the district)")
    admin.set_defaults(func=_create_admin)
    listed = actions.add_parser("list", help="real accounts; --all: generated persons too")
    listed.add_argument("--all", action="store_true", help="generated persons too")
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    listed.set_defaults(func=_list)
    revoke = actions.add_parser("revoke", help="end every session of a person at once")
    revoke.add_argument("--login", required=True)
    revoke.set_defaults(func=_revoke)
    password = actions.add_parser("set-password", help="give a person a new password")
    password.add_argument("--login", required=True)
    password.set_defaults(func=_set_password)


def _ask_password(login: str) -> str:
    """From the terminal twice, or one line of stdin when that is no terminal."""
    if sys.stdin.isatty():
        first = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != first:
            raise Invalid(
                N_("The password cannot be taken."),
                faults=[fault("password", N_("The two entries differ."))],
            )
    else:
        first = sys.stdin.readline().rstrip("\n")
    check_policy(first, login)
    return first


def _administration(conn: Connection) -> int:
    """The department of administrators, made at its first member."""
    return int(
        conn.execute(
            text(
                "INSERT INTO department (code, kind, name_zh, name_en)"
                " VALUES ('administration', 'supervision_centre', '系统管理', 'Administration')"
                " ON CONFLICT (code) DO UPDATE SET code = excluded.code RETURNING id"
            )
        ).scalar_one()
    )


def _create_admin(args: argparse.Namespace) -> int:
    check_person(PersonDraft(args.login, args.name, 0))
    password_hash = hash_password(_ask_password(args.login))
    with transaction(runtime().engine) as conn:
        create_administrator(
            conn,
            actor=SYSTEM,
            draft=PersonDraft(args.login, args.name, _administration(conn)),
            area_code=args.area or str(read_setting(conn, "district_code")),
            password_hash=password_hash,
            now=datetime.now(UTC),
        )
    print(f"{args.login} can sign in; one-click sign-in has ended")
    return 0


def _list(args: argparse.Namespace) -> int:
    with transaction(runtime().engine) as conn:
        rows = conn.execute(
            text(
                "SELECT CAST(p.login AS text) AS login, p.name, p.active, p.demo,"
                " p.password_hash IS NOT NULL AS has_password,"
                " coalesce(string_agg(o.role || ' ' || o.area_code, ', ' ORDER BY o.id), '')"
                "  AS posts"
                " FROM person p LEFT JOIN post o ON o.person_id = p.id AND o.valid_to IS NULL"
                " WHERE :everybody OR NOT p.demo GROUP BY p.id ORDER BY p.login LIMIT :most"
            ),
            {"everybody": args.all, "most": LISTED_MOST},
        ).all()
    for row in rows:
        if args.json:
            print(json.dumps(dict(row._mapping), ensure_ascii=False))
        else:
            state = "active" if row.active else "inactive"
            print(f"{row.login:<20} {state:<9} {row.name}  {row.posts}")
    return 0


def _person(conn: Connection, login: str) -> int:
    found = conn.execute(
        text("SELECT id FROM person WHERE login = :login FOR UPDATE"), {"login": login}
    ).scalar()
    if found is None:
        raise NotFound(N_("Nobody has the login {login}."), login=login)
    return int(found)


def _revoke(args: argparse.Namespace) -> int:
    with transaction(runtime().engine) as conn:
        person_id = _person(conn, args.login)
        ended = revoke_sessions(conn, actor=SYSTEM, person_id=person_id, now=datetime.now(UTC))
    print(f"{ended} sessions ended")
    return 0


def _set_password(args: argparse.Namespace) -> int:
    with transaction(runtime().engine) as conn:
        _person(conn, args.login)
    password_hash = hash_password(_ask_password(args.login))
    with transaction(runtime().engine) as conn:
        ended = set_password(
            conn,
            actor=SYSTEM,
            person_id=_person(conn, args.login),
            password_hash=password_hash,
            now=datetime.now(UTC),
        )
    print(f"the password is set; {ended} sessions ended")
    return 0

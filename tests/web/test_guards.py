"""Every route has an owner: nobody else enters, and looking changes nothing."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from rqf.app import DESKS, create_app
from rqf.models import Model
from rqf.rules.terms import Role
from rqf.web import guard
from tests import factories
from tests.conftest import SECRET

#: Blueprints without a desk: the counters, and the API with its documentation, which checks keys itself.
OPEN = {"watch"}
READING = {"GET", "HEAD", "OPTIONS"}
#: The pages that anyone may POST to: they change no record. Statements are issued to everybody.
PUBLIC_FORMS = {
    "auth.sign_in",
    "auth.sign_out",
    "statements.issue",
    "batches.new",
    "batches.choose",
    "batches.delete",
    "statements.verify_file",
}


def routes():
    """Return (rule, blueprint) of every route, read from an application that is never asked anything."""
    app = create_app({"DATABASE_URL": "sqlite://", "SECRET_KEY": SECRET})
    found = [(rule, rule.endpoint.rpartition(".")[0]) for rule in app.url_map.iter_rules()]
    app.extensions["rqf_database"].close()
    return found


ROUTES = routes()
DESK_ROUTES = [
    (rule, guard.OWNERS[blueprint])
    for rule, blueprint in ROUTES
    if isinstance(guard.OWNERS.get(blueprint), Role)
]


def address(rule) -> str:
    """Return an address of the route, with something in the place of each variable."""
    return re.sub(r"<[^>]+>", "1", rule.rule)


def writing(rule) -> set[str]:
    return set(rule.methods) - READING


def attempts(rules, methods=None):
    """Yield (rule, method) for everything that could be asked."""
    for rule in rules:
        for method in sorted(set(rule.methods) - {"OPTIONS"}):
            if methods is None or method in methods:
                yield rule, method


def test_every_route_has_an_owner():
    homeless = {
        rule.endpoint
        for rule, blueprint in ROUTES
        if rule.endpoint != "static"
        and blueprint not in guard.OWNERS
        and blueprint not in OPEN
        and not rule.rule.startswith("/api/")
    }
    assert homeless == set()


def test_every_desk_is_there():
    assert {name for name in DESKS if name in guard.OWNERS} == set(DESKS)
    assert {owner for _, owner in DESK_ROUTES} == set(Role)


def test_the_public_changes_nothing_but_who_is_signed_in():
    forms = {
        rule.endpoint
        for rule, blueprint in ROUTES
        if guard.OWNERS.get(blueprint) == guard.PUBLIC and writing(rule)
    }
    assert forms <= PUBLIC_FORMS


def test_desks_send_strangers_to_the_door(app, client):
    app.config["WTF_CSRF_ENABLED"] = False
    for rule, method in attempts(rule for rule, _ in DESK_ROUTES):
        answer = client.open(address(rule), method=method)
        assert answer.status_code in (302, 303), f"{method} {rule.endpoint}"
        assert answer.location.startswith("/auth/sign-in"), f"{method} {rule.endpoint}"


@pytest.mark.parametrize("role", list(Role))
def test_desks_are_closed_to_other_roles(app, client, session, sign_in, role):
    sign_in(factories.make_account(session, role))
    app.config["WTF_CSRF_ENABLED"] = False
    others = [rule for rule, owner in DESK_ROUTES if owner != role]
    assert others
    for rule, method in attempts(others):
        answer = client.open(address(rule), method=method)
        assert answer.status_code == 403, f"{method} {rule.endpoint}"


@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_changed_without_a_token(client, session, sign_in, role):
    sign_in(factories.make_account(session, role))
    own = [rule for rule, owner in DESK_ROUTES if owner == role and writing(rule)]
    assert own
    for rule, method in attempts(own, {"POST", "PUT", "PATCH", "DELETE"}):
        answer = client.open(address(rule), method=method)
        assert answer.status_code == 400, f"{method} {rule.endpoint}"


def everything(database) -> dict[str, list]:
    """Return all rows of all tables but the browsers' sessions."""
    with database.read() as reader:
        return {
            table.name: reader.execute(select(table)).all()
            for table in Model.metadata.sorted_tables
            if table.name != "web_session"
        }


@pytest.mark.parametrize("role", [None, *Role])
def test_looking_changes_nothing(client, session, database, sign_in, role):
    """Every page is asked for on real records, by everybody who may see it."""
    version = factories.make_qualification(session, outcomes=(("skills", "Diagnostica fallas."),))
    mapping = factories.make_mapping(session, version, factories.make_account(session))
    session.commit()
    if role:
        sign_in(factories.make_account(session, role, "PE" if role == Role.REVIEWER else "CL"))
    before = everything(database)
    seen = 0
    for rule, blueprint in ROUTES:
        if "GET" not in rule.methods or guard.OWNERS.get(blueprint) not in (guard.PUBLIC, role):
            continue
        uuid = mapping.uuid if "mappings" in rule.rule else version.qualification.uuid
        answer = client.get(re.sub(r"<[^>]+>", uuid, rule.rule), query_string={"q": "mantenimiento"})
        assert answer.status_code < 500, rule.endpoint
        seen += answer.status_code == 200
    assert seen >= 3
    assert everything(database) == before

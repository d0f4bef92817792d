"""The routes are those of the protocol, and the agents' are for agents only."""

import app
from chalicelib.protocol.routes import ROUTES
from proof.desk import Desk
from proof.fakes import Json, claims_of

AGENT_ROUTES = {(route.method, route.path) for route in ROUTES if route.credential == "agent"}


def test_the_routes_are_those_of_the_protocol() -> None:
    routed = {(method, path) for path, methods in app.app.routes.items() for method in methods}
    assert routed == {(route.method, route.path) for route in ROUTES}


def test_the_agents_routes_are_guarded_by_cognito_and_no_others() -> None:
    guarded = {
        (method, path)
        for path, methods in app.app.routes.items()
        for method, entry in methods.items()
        if entry.authorizer is not None and entry.authorizer.name == "agents"
    }
    assert guarded == AGENT_ROUTES


OTHERS: tuple[Json, ...] = (
    claims_of("agent-grace", ""),
    claims_of("agent-grace", "customers"),
    claims_of("agent-grace", ["customers", "agents-to-be"]),
    {key: claim for key, claim in claims_of("agent-grace").items() if key != "cognito:groups"},
    {},
)
NOT_FOR_US: tuple[Json, ...] = (
    claims_of("agent-grace", token_use="access"),
    claims_of("agent-grace", token_use=""),
    claims_of("agent-grace", aud="another client of the pool"),
    claims_of("agent-grace", iss="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"),
    claims_of("agent-grace", iss=""),
    *(
        {key: claim for key, claim in claims_of("agent-grace").items() if key != missing}
        for missing in ("token_use", "aud", "iss")
    ),
)


def test_only_staff_are_let_in(desk: Desk) -> None:
    """I12."""
    desk.agent("Grace")
    before = desk.stored()
    for method, path in AGENT_ROUTES:
        url = path.replace("{conversation_id}", "any")
        replies = [desk.rest(method, url, claims=claims) for claims in (*OTHERS, *NOT_FOR_US)]
        assert {status for status, _ in replies} == {403}
        assert {reply["error"]["code"] for _, reply in replies} == {"forbidden"}
    assert desk.stored() == before


def test_the_groups_are_read_however_they_come(desk: Desk) -> None:
    agent = desk.agent()
    for groups in ("agents", "[agents supervisors]", "supervisors,customers", ["admins"]):
        claims = claims_of(agent.id, groups)
        status, body = desk.rest("GET", "/agent/desk", claims=claims)
        assert (status, body["agent"]["agent_id"]) == (200, agent.id)


def test_whoever_signs_in_but_is_not_provisioned_is_told_so(desk: Desk) -> None:
    """403: they have no desk."""
    claims = claims_of("somebody")
    before = desk.stored()
    for method, path in (("GET", "/agent/desk"), ("POST", "/agent/socket-tickets")):
        status, reply = desk.rest(method, path, claims=claims)
        assert (status, reply["error"]["code"]) == (403, "forbidden"), path
        assert reply["error"]["message"] == "You have no desk here."
    assert desk.stored() == before

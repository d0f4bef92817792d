"""What DynamoDB cannot do at the moment, in the words of the domain."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.dynamodb import codec
from chalicelib.domain import lifecycle
from chalicelib.domain.conversation import AgentChange, Author, MessageDraft
from chalicelib.domain.errors import Busy, Conflict
from tests.adapters.world import World
from tests.domain.samples import NOW, QUEUE, make_agent, make_start

THROTTLES = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "InternalServerError",
]
ADA = Author("customer", "ada")


@pytest.fixture
def stubber(world: World) -> Iterator[Stubber]:
    with Stubber(world.client) as stubber:
        yield stubber


@pytest.mark.parametrize("code", THROTTLES)
def test_too_much_at_once_is_busy(world: World, stubber: Stubber, code: str) -> None:
    draft = MessageDraft("m", "Hello", NOW)
    attempts: list[tuple[str, Any]] = [
        ("update_item", lambda: world.conversations.number("c1", ADA, draft)),
        ("get_item", lambda: world.conversations.get("c1")),
        ("query", lambda: list(world.conversations.waiting(QUEUE.id))),
        ("query", lambda: list(world.agents.free(QUEUE.id))),
        ("batch_get_item", lambda: world.conversations.get_with_details(["c1"])),
        ("delete_item", lambda: world.ports.access.take_ticket("key")),
        ("transact_write_items", lambda: world.conversations.begin(make_start(), None)),
    ]
    for operation, attempt in attempts:
        stubber.add_client_error(operation, code, http_status_code=400)
        with pytest.raises(Busy):
            attempt()


def cancelled(stubber: Stubber, *codes: str) -> None:
    stubber.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": [{"Code": code} for code in codes]},
    )


@pytest.mark.parametrize("code", ["TransactionConflict", "ConditionalCheckFailed"])
def test_a_transaction_in_anothers_way_is_a_conflict(
    world: World, stubber: Stubber, code: str
) -> None:
    change = lifecycle.end(make_start().conversation, None, "customer", QUEUE, NOW)
    cancelled(stubber, "None", code, "None")
    with pytest.raises(Conflict):
        world.conversations.commit(change)
    cancelled(stubber, code)
    with pytest.raises(Conflict):
        world.agents.put(AgentChange(make_agent(), make_agent()))


def test_a_write_in_a_transactions_way_is_a_conflict(world: World, stubber: Stubber) -> None:
    stubber.add_client_error("update_item", "TransactionConflictException")
    with pytest.raises(Conflict):
        world.conversations.number("c1", ADA, MessageDraft("m", "Hello", NOW))


def test_a_conflict_goes_before_a_throttle(world: World, stubber: Stubber) -> None:
    cancelled(stubber, "ThrottlingError", "ConditionalCheckFailed")
    with pytest.raises(Conflict):
        world.conversations.begin(make_start(), None)


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_throttled_transaction_is_busy(world: World, stubber: Stubber, code: str) -> None:
    cancelled(stubber, "None", code)
    with pytest.raises(Busy):
        world.conversations.begin(make_start(), None)


def test_our_own_mistakes_are_not_hidden(world: World, stubber: Stubber) -> None:
    cancelled(stubber, "ValidationError")
    with pytest.raises((PynamoDBException, ClientError)):
        world.conversations.begin(make_start(), None)
    stubber.add_client_error("get_item", "AccessDeniedException")
    with pytest.raises((PynamoDBException, ClientError)):
        world.conversations.get("c1")


def test_what_was_left_of_a_batch_is_asked_for_again(world: World, stubber: Stubber) -> None:
    start = make_start()
    conversation = codec.conversation_item(start.conversation).serialize()
    details = codec.details_item("c1", start.details).serialize()
    missing = {"pk": {"S": "CONVERSATION#c1"}, "sk": {"S": "DETAILS"}}
    left = {"conversations": {"Keys": [missing], "ConsistentRead": True}}
    stubber.add_response(
        "batch_get_item",
        {"Responses": {"conversations": [conversation]}, "UnprocessedKeys": left},
        {"RequestItems": ANY, "ReturnConsumedCapacity": ANY},
    )
    stubber.add_response(
        "batch_get_item",
        {"Responses": {"conversations": [details]}, "UnprocessedKeys": {}},
        {"RequestItems": left, "ReturnConsumedCapacity": ANY},
    )
    found = world.conversations.get_with_details(["c1"])
    assert found == {"c1": (start.conversation, start.details)}

"""One botocore client for all models, and DynamoDB's answers in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from chalicelib.adapters.dynamodb.models import AGENT_MODELS, CONVERSATION_MODELS
from chalicelib.domain.errors import Busy, Conflict

CONFIG = Config(
    connect_timeout=2,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    # PynamoDB builds every request, and DynamoDB checks it again: a tenth of a message's time.
    parameter_validation=False,
)

_CONFLICTS = frozenset(("ConditionalCheckFailed", "TransactionConflict"))
_THROTTLES = frozenset(
    (
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionInProgressException",
        "InternalServerError",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    )
)


class ConditionFailed(Exception):
    """The condition of a write did not hold; ``item`` is what stands there, as DynamoDB gave it."""

    def __init__(self, item: dict[str, Any] | None) -> None:
        super().__init__("The condition does not hold.")
        self.item = item


class Cancelled(Conflict):
    """A transaction was cancelled; ``reasons`` are those of its writes, ``None`` for no reason."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__()
        self.reasons = reasons


def connect(
    session: botocore.session.Session, conversations_table: str, agents_table: str
) -> Connection:
    """Let all models use one client of the session; the connection for transactions."""
    client = session.create_client("dynamodb", config=CONFIG)
    for models, table in (
        (CONVERSATION_MODELS, conversations_table),
        (AGENT_MODELS, agents_table),
    ):
        for model in models:
            model.Meta.table_name = table
            model._get_connection().connection._client = client
    connection = Connection()
    connection._client = client
    return connection


@contextmanager
def translated() -> Iterator[None]:
    """Raises ConditionFailed, Conflict or Busy for what DynamoDB or PynamoDB raises within."""
    try:
        yield
    except (ClientError, PynamoDBException) as error:
        raise _translate(error) from error


def dispatch(model: type[Model], operation: str, request: dict[str, Any]) -> dict[str, Any]:
    """Call DynamoDB with a request that a model has made. Raises as ``translated``."""
    with translated():
        return model._get_connection().connection.dispatch(operation, request)


def _translate(error: ClientError | PynamoDBException) -> Exception:
    response = _response(error)
    code = response.get("Error", {}).get("Code", "")
    if code == "ConditionalCheckFailedException":
        return ConditionFailed(response.get("Item"))
    if code == "TransactionConflictException":
        return Conflict()
    if code == "TransactionCanceledException":
        reasons = [reason.get("Code", "None") for reason in response.get("CancellationReasons", [])]
        if _CONFLICTS.intersection(reasons):
            return Cancelled(reasons)
        return _busy() if _THROTTLES.intersection(reasons) else error
    return _busy() if code in _THROTTLES else error


def _busy() -> Busy:
    return Busy("The database is busy. Try again.")


def _response(error: BaseException | None) -> dict[str, Any]:
    """The whole answer of DynamoDB: PynamoDB keeps it at the end of the chain of causes."""
    response: dict[str, Any] = {}
    while error is not None:
        if isinstance(error, ClientError):
            response = {**response, **error.response}
        error = getattr(error, "cause", None) or error.__cause__
    return response

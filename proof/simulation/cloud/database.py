"""The botocore client of DynamoDB that the adapters use, with the faults of a network."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError

from proof.simulation.cloud.scheduler import Killed, Scheduler
from proof.simulation.cloud.tables import Json, Key, Tables, written
from proof.simulation.cloud.weather import Fate, Sky

ATTEMPTS = 3
"""Of botocore, as ``adapters.dynamodb.client`` sets it."""

STALE = 1.0
"""Seconds that a read may lag behind."""

_RETRIED: dict[Fate, str] = {
    "failed before": "InternalServerError",
    "failed after": "InternalServerError",
    "throttled": "ThrottlingException",
}

Wrote = Callable[[str, Json, list[Key]], None]


class DynamoClient:
    """What PynamoDB needs of a botocore client. Each call is where others may go first."""

    _request_signer = None

    def __init__(self, scheduler: Scheduler, sky: Sky, tables: Tables) -> None:
        self._scheduler = scheduler
        self._sky = sky
        self._tables = tables
        self.wrote: Wrote = lambda _operation, _request, _keys: None
        self.read: Callable[[str, Json], None] = lambda _operation, _request: None

    def _make_api_call(self, operation: str, request: Json) -> Json:
        """One call as botocore makes it: repeated when the answer is lost or an error of theirs."""
        if self._scheduler.task() is None:
            answer, keys = self._tables.call(operation, request)
            self.wrote(operation, request, keys)
            return answer
        call = _Call(operation, request)
        for attempt in range(ATTEMPTS):
            fate = self._sky.fate_of_call(may_conflict=bool(call.keys))
            self._attempt(call, fate)
            if fate in ("ok", "conflict") or call.refusal is not None:
                break
            if attempt < ATTEMPTS - 1:
                self._scheduler.sleep(self._scheduler.between(0, 0.1 * 2**attempt))
        return call.result(fate)

    def _attempt(self, call: "_Call", fate: Fate) -> None:
        self._scheduler.sleep(self._sky.latency())
        if call.is_second_step and self._sky.happens("gap"):
            fate = self._widen_gap(call, fate)
        if fate == "crash before":
            self._note(call, "dies before it")
            raise Killed
        if fate in ("lost before", "failed before", "throttled", "conflict"):
            self._note(call, fate)
            return
        self._take_effect(call, fate)
        if fate == "crash after" or self._is_cut_off(call):
            raise Killed
        self._scheduler.sleep(self._sky.latency())

    def _is_cut_off(self, call: "_Call") -> bool:
        """What should follow a step does not happen."""
        is_step = call.operation == "TransactWriteItems" and call.refusal is None
        if not is_step or not self._sky.happens("cut_off"):
            return False
        self._sky.struck()
        self._note(call, "dies after it")
        return True

    def _widen_gap(self, call: "_Call", fate: Fate) -> Fate:
        """Between a message's number and its entry much can happen, or everything can end."""
        if self._scheduler.chance(0.4):
            self._sky.struck()
            return "crash before"
        self._note(call, "hesitates")
        self._scheduler.sleep(self._scheduler.between(0.5, 6))
        return fate

    def _take_effect(self, call: "_Call", fate: Fate) -> None:
        if call.operation == "TransactWriteItems" and call.answer is not None:
            self._note(call, f"{fate}; carried out before (ClientRequestToken)")
            return
        try:
            if not call.keys and not call.is_consistent and self._sky.happens("stale"):
                lag = self._scheduler.between(0, STALE)
                since = self._scheduler.elapsed - round(lag * 1e6)
                call.answer = self._tables.call_stale(call.operation, call.request, since)
            else:
                call.answer, _ = self._tables.call(call.operation, call.request)
        except ClientError as refusal:
            call.refusal = refusal
            self._note(call, f"{fate}; {_reason(refusal)}")
            return
        self._note(call, "dies after it" if fate == "crash after" else fate)
        if call.keys:
            self.wrote(call.operation, call.request, call.keys)
        else:
            self.read(call.operation, call.request)

    def _note(self, call: "_Call", what: str) -> None:
        self._scheduler.note(f"{call} → {what}")


class _Call:
    """A call, and what has become of it so far."""

    def __init__(self, operation: str, request: Json) -> None:
        self.operation = operation
        self.request = request
        self.keys = list(written(operation, request))
        self.answer: Json | None = None
        self.refusal: ClientError | None = None

    @property
    def is_second_step(self) -> bool:
        return self.operation == "PutItem" and self.keys[0].seq is not None

    @property
    def is_consistent(self) -> bool:
        tables = self.request.get("RequestItems", {"": self.request}).values()
        return all(table.get("ConsistentRead") for table in tables)

    def result(self, fate: Fate) -> Json:
        """What botocore returns after its last attempt, or raises."""
        if self.refusal is not None:
            raise self.refusal
        if fate in ("lost before", "lost after"):
            raise ConnectionClosedError(endpoint_url="https://dynamodb")
        if fate in _RETRIED:
            raise _error(self.operation, _RETRIED[fate])
        if fate == "conflict":
            raise _conflict(self.operation)
        return self.answer or {}

    def __str__(self) -> str:
        if self.keys:
            where = ", ".join(map(str, self.keys))
        elif self.operation == "BatchGetItem":
            wanted = [t["Keys"] for t in self.request["RequestItems"].values()]
            where = ", ".join(key["pk"]["S"] for keys in wanted for key in keys)
        elif self.operation == "Query":
            values = self.request["ExpressionAttributeValues"].values()
            where = f"{self.request.get('IndexName', '')}{[v for d in values for v in d.values()]}"
        else:
            where = str(self.request["Key"]["pk"]["S"])
        return f"{self.operation} {where}"


def _error(operation: str, code: str, **more: Any) -> ClientError:
    response = {"Error": {"Code": code, "Message": "simulated"}, **more}
    return ClientError(response, operation)


def _conflict(operation: str) -> ClientError:
    if operation == "TransactWriteItems":
        reasons = [{"Code": "TransactionConflict", "Message": "simulated"}]
        return _error(operation, "TransactionCanceledException", CancellationReasons=reasons)
    return _error(operation, "TransactionConflictException")


def _reason(refusal: ClientError) -> str:
    reasons: list[Json] = refusal.response.get("CancellationReasons", [])
    codes = [reason["Code"] for reason in reasons if reason["Code"] != "None"]
    return ", ".join(codes) or str(refusal.response["Error"]["Code"])

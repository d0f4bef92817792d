"""What must hold after every write and every frame, whatever happens."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.ports import Text
from proof.simulation.checks.crowding import CrowdingChecks
from proof.simulation.checks.fairness import FairnessChecks
from proof.simulation.checks.frames import FrameChecks
from proof.simulation.checks.order import RoutingChecks
from proof.simulation.checks.records import RecordChecks
from proof.simulation.checks.removal import RemovalChecks
from proof.simulation.checks.stored import Holding, StoredChecks
from proof.simulation.checks.texts import TextChecks
from proof.simulation.cloud.cloud import Cloud, Invocation, Outcome
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.scheduler import Scheduler
from proof.simulation.cloud.tables import Json, Key
from proof.simulation.ledger import Ledger, Verdict


class Safety:
    """Has writes, frames, receipts and texts checked as they happen. Raises Violation."""

    def __init__(
        self,
        scheduler: Scheduler,
        cloud: Cloud,
        mirror: Mirror,
        ledger: Ledger,
        is_live: Callable[[str], bool],
    ) -> None:
        self._scheduler = scheduler
        self._cloud = cloud
        self._mirror = mirror
        self._last_fault = 0
        self.verdict = Verdict()
        holding = Holding()
        self._stored = StoredChecks(scheduler, mirror, ledger, self.verdict, holding, is_live)
        self._routing = RoutingChecks(scheduler, mirror, self.verdict)
        self._records = RecordChecks(mirror, self.verdict)
        self.fairness = FairnessChecks(scheduler, mirror, self.verdict)
        self._frames = FrameChecks(mirror, self.verdict, holding, is_live)
        self._removal = RemovalChecks(scheduler, mirror, self.verdict)
        self._crowding = CrowdingChecks(scheduler, mirror, self.verdict, holding, is_live)
        self._texts = TextChecks(scheduler, mirror, self.verdict)
        self.acknowledged = self._stored.acknowledged
        self.handed_over = self._stored.handed_over
        self.posted = self._frames.posted
        self.text_was_cut_off = self._texts.was_cut_off
        self.text_may_fail = self._texts.may_fail

    def wrote(self, operation: str, request: Json, keys: list[Key]) -> None:
        """Items were written."""
        del operation, request
        invocation = self._cloud.current()
        self.verdict.require(
            invocation is None or not invocation.must_not_write,
            "I12",
            f"a request that must be refused wrote {', '.join(map(str, keys))}",
        )
        before = {key: self._stored.before(key) for key in keys}
        for key in keys:
            self._mirror.take(key, self._scheduler.elapsed)
        self._crowding.wrote(invocation, keys, before)
        for key in keys:
            self._take_item(key)
            self._stored.check_item(key, before[key])
            self._texts.check_item(key)
        self._routing.check_agents(keys)
        self._records.check(keys)
        self.fairness.wrote(invocation, keys, before)
        self._removal.wrote(keys)
        for key in keys:
            self._stored.check_shown_number(key)
            self._stored.check_expiry(key, before)
        if invocation is None:
            return
        self._frames.note_debts(invocation, keys, before)
        if any(key.pk.startswith("WAITING#") for key in keys):
            self._routing.check_order(invocation, before)

    def read(self, operation: str, request: Json) -> None:
        """Items were read."""
        invocation = self._cloud.current()
        if invocation is not None:
            self._routing.read(invocation, operation, request)

    def posting(self, connection_id: str, frame: Json) -> None:
        """A frame is being sent to a socket, whatever comes of it."""
        invocation = self._cloud.current()
        if invocation is not None:
            self._frames.posting(invocation, connection_id, frame)
            _, owner, _ = self._frames.owner(connection_id)
            self._removal.posting(invocation, owner, frame)
            self._crowding.posting(invocation, connection_id, frame)

    def text_taken(self, text: Text) -> None:
        """Twilio took a text."""
        self._texts.taken(text, self._cloud.current())

    def heard(self, invocation: Invocation, outcome: Outcome) -> None:
        """An invocation ended; what was cut off after Twilio took a text may be sent again."""
        if outcome.failed:
            for text in invocation.sent:
                self.text_was_cut_off(text)
        is_whole = not (outcome.failed or invocation.met_fault)
        if not is_whole:
            self._last_fault = self._scheduler.elapsed
        self._crowding.heard(invocation, is_whole=is_whole)
        if is_whole and invocation.function == "remove_agent":
            self._removal.removed(invocation)
        if self._cloud.running == 0:
            self._crowding.check_bounds()
            self._routing.check_nobody_waits(self._last_fault)
        if is_whole:
            self._frames.check_debts(invocation)

    def _take_item(self, key: Key) -> None:
        if key.kind == "ADDRESS":
            self._texts.note_address(key.id)
        elif key.kind == "CONNECTION":
            self._frames.note_owner(key.id)

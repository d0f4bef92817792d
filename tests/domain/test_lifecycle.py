"""Any order of steps by customers, agents and time keeps the invariants of the desk's life."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.domain import events, lifecycle, messages
from chalicelib.domain.agent import Agent
from chalicelib.domain.audience import as_seen_by, customer_sees, recipients
from chalicelib.domain.conversation import (
    Author,
    Change,
    Contact,
    Conversation,
    MessageDraft,
    Status,
)
from chalicelib.domain.errors import Conflict, ConversationClosed, LambdeskError, OfferGone
from chalicelib.domain.events import Channel, Entry, OfferDeclined, OfferExpired
from tests.domain.samples import NOW, QUEUE, SECOND, make_agent, make_details

Result = TypeVar("Result")

MOVES: set[tuple[Status, Status]] = {
    ("queued", "offered"),
    ("queued", "closed"),
    ("offered", "active"),
    ("offered", "queued"),
    ("offered", "closed"),
    ("active", "queued"),
    ("active", "wrap_up"),
    ("active", "closed"),
    ("wrap_up", "closed"),
}

MEANING: dict[type[object], Status] = {
    events.ConversationStarted: "queued",
    events.OfferMade: "offered",
    events.OfferDeclined: "queued",
    events.OfferExpired: "queued",
    events.OfferRevoked: "queued",
    events.ParticipantJoined: "active",
    events.ParticipantLeft: "queued",
    events.ConversationEnded: "wrap_up",
    events.ConversationClosed: "closed",
}

picks = st.integers(0, 11)
seldom = st.sampled_from([False, False, False, True])
often = st.sampled_from([True, True, False])


class DeskMachine(RuleBasedStateMachine):
    """A desk of three agents and up to four conversations."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.agents: dict[str, Agent] = {}
        self.conversations: dict[str, Conversation] = {}
        self.entries: dict[str, list[Entry]] = {}
        self.refused: dict[str, dict[str, object]] = {}
        self.names = 0

    # What happens

    @initialize(capacities=st.tuples(st.integers(0, 1), st.just(1), st.integers(2, 3)))
    def open_the_desk(self, capacities: tuple[int, ...]) -> None:
        for number, capacity in enumerate(capacities):
            agent = make_agent(f"agent-{number}", capacity=capacity)
            ready = agent.declared("ready", None, NOW).with_socket(f"s-{agent.id}", "https://s")
            self.agents[agent.id] = ready
        self.start("web")
        self.start("sms")

    @precondition(lambda self: len(self.conversations) < 4)
    @rule(channel=st.sampled_from(["web", "sms"]))
    def start(self, channel: Channel) -> None:
        number = len(self.conversations)
        start = lifecycle.start(
            conversation_id=f"c{number}",
            queue=QUEUE,
            channel=channel,
            address=f"address-{number}",
            details=make_details(f"customer-{number}"),
            message_id="first",
            keys={},
            contact=Contact(),
            now=self.now,
        )
        conversation = start.conversation
        assert [entry.seq for entry in start.entries] == [1, 2]
        self.conversations[conversation.id] = conversation
        self.entries[conversation.id] = list(start.entries)
        self.refused[conversation.id] = {}

    @precondition(lambda self: self.conversations)
    @rule(which=picks, text=st.text(max_size=100))
    def customer_writes(self, which: int, text: str) -> None:
        conversation = self._conversation(which)
        author = Author("customer", conversation.customer.id)
        self._write(conversation, author, text, conversation.is_open)

    @precondition(lambda self: self.conversations)
    @rule(which=picks, who=picks)
    def agent_writes(self, which: int, who: int) -> None:
        conversation, agent = self._conversation(which), self._agent(who)
        may = conversation.status == "active" and conversation.holds_as_agent(agent.id)
        self._write(conversation, Author("agent", agent.id), "Hello", may)

    @precondition(lambda self: self._with("queued", "offered", "active", "wrap_up"))
    @rule(which=picks, how=picks)
    def goes_on(self, which: int, how: int) -> None:
        """What should come next in a conversation."""
        conversation = self._among("queued", "offered", "active", "wrap_up", pick=which)
        going = {
            "queued": [self._offer_to_free],
            "offered": [self._accept, self._accept, self._decline, self._expire],
            "active": [self._end, self._close],
            "wrap_up": [self._close, self._run_out],
        }[conversation.status]
        going[how % len(going)](conversation)

    @precondition(lambda self: self.conversations)
    @rule(which=picks, who=picks)
    def offer_to_anybody(self, which: int, who: int) -> None:
        conversation, agent = self._conversation(which), self._agent(who)
        may = conversation.status == "queued" and agent.is_free
        change = self._try(lambda: self._offer(conversation, agent), Conflict, may)
        if change:
            self._commit(change)

    @precondition(lambda self: self._with("offered", "active"))
    @rule(which=picks, who=picks)
    def accept_again_or_wrongly(self, which: int, who: int) -> None:
        conversation, agent = self._among("offered", "active", pick=which), self._agent(who)
        concerned = conversation.assignment
        offer_id = concerned.offer_id if concerned else "of-yesterday"
        again = concerned is not None and concerned.agent.id == agent.id
        change = self._try(
            lambda: lifecycle.accept(conversation, agent, offer_id, self.now), OfferGone, again
        )
        assert change is None

    @precondition(lambda self: self._with("offered"))
    @rule(which=picks, who=picks, is_known=often)
    def decline_wrongly(self, which: int, who: int, is_known: bool) -> None:
        conversation, agent = self._among("offered", pick=which), self._agent(who)
        assert conversation.offer is not None
        if is_known and agent.id == conversation.offer.agent.id:
            return
        offer_id = conversation.offer.id if is_known else "of-yesterday"
        self._try(
            lambda: lifecycle.decline(conversation, agent, offer_id, QUEUE, self.now),
            OfferGone,
            may=False,
        )

    @precondition(lambda self: self._with("offered"))
    @rule(which=picks, is_known=often)
    def timer_comes(self, which: int, is_known: bool) -> None:
        conversation = self._among("offered", pick=which)
        pending = conversation.offer
        assert pending is not None
        if is_known and self.now >= pending.expires_at:
            self._expire(conversation)
            return
        agent, offer_id = self.agents[pending.agent.id], pending.id if is_known else "of-yesterday"
        assert lifecycle.expire(conversation, agent, offer_id, QUEUE, self.now) is None

    @precondition(lambda self: self.conversations)
    @rule(which=picks, who=picks, really=seldom)
    def agent_is_gone(self, which: int, who: int, really: bool) -> None:
        """Their offers and what they were busy with go back, and nothing of others'."""
        conversation, agent = self._conversation(which), self._agent(who)
        change = lifecycle.hand_back(conversation, agent, QUEUE, self.now)
        assert (change is not None) == (agent.work.get(conversation.id) in ("offered", "active"))
        if change is not None and really:
            assert change.after.status == "queued"
            assert change.after.queued_at == conversation.queued_at
            self._commit(change)

    @invariant()
    def agents_are_away_who_have_lost_their_sockets(self) -> None:
        for agent in self.agents.values():
            assert not (agent.sockets and agent.away_since)
            assert (agent.missed_at is not None) == (
                agent.away_since is not None and agent.load > 0
            )

    @precondition(lambda self: self.conversations)
    @rule(which=picks, passed=st.integers(0, 600), really=seldom)
    def customer_is_gone(self, which: int, passed: int, really: bool) -> None:
        """Only what waits on the web ends by itself, and only after the time for that."""
        conversation = self._conversation(which)
        later = self.now + passed * SECOND
        change = lifecycle.abandon(conversation, QUEUE, later)
        gone_since = conversation.gone_since
        assert (change is not None) == (
            conversation.status == "queued"
            and gone_since is not None
            and later - gone_since > QUEUE.abandoned_after
        )
        assert conversation.channel == "web" or change is None
        if change is not None and really:
            self.now = later
            self._commit(change)

    @invariant()
    def what_waits_on_the_web_is_looked_at(self) -> None:
        for conversation in self.conversations.values():
            is_looked_at = conversation.status == "queued" and conversation.channel == "web"
            assert (conversation.next_look is not None) == is_looked_at

    @invariant()
    def refusals_are_counted(self) -> None:
        for conversation in self.conversations.values():
            told = [entry.event for entry in self.entries[conversation.id]]
            refusals = [e for e in told if isinstance(e, OfferDeclined | OfferExpired)]
            assert conversation.refused == len(refusals)

    @invariant()
    def nobody_is_ready_who_missed_too_many_offers(self) -> None:
        for agent in self.agents.values():
            assert agent.missed < QUEUE.missed_offers or agent.availability == "not_ready"

    @precondition(lambda self: self.conversations)
    @rule(which=picks, really=seldom)
    def customer_ends(self, which: int, really: bool) -> None:
        if really:
            self._end(self._conversation(which))

    @precondition(lambda self: self._with("active", "wrap_up", "closed"))
    @rule(which=picks, who=picks, disposition=st.sampled_from([None, "Lost", "Solved"]))
    def agent_closes_wrongly(self, which: int, who: int, disposition: str | None) -> None:
        conversation = self._among("active", "wrap_up", "closed", pick=which)
        agent = self._agent(who)
        is_theirs = conversation.holds_as_agent(agent.id)
        if is_theirs and conversation.status != "closed" and disposition == "Solved":
            return
        self._try(
            lambda: lifecycle.close(conversation, agent, QUEUE, disposition, None, self.now),
            LambdeskError,
            may=False,
        )

    @precondition(lambda self: self._with("wrap_up"))
    @rule(which=picks)
    def sweep_comes(self, which: int) -> None:
        conversation = self._among("wrap_up", pick=which)
        until = conversation.wrap_up_until
        assert until is not None
        if self.now >= until:
            self._run_out(conversation)
            return
        assert conversation.assignment is not None
        agent = self.agents[conversation.assignment.agent.id]
        assert lifecycle.run_out(conversation, agent, self.now) is None

    @rule(who=picks, what=st.sampled_from(["ready", "connect", "disconnect", "not_ready"]))
    def agent_changes(self, who: int, what: str) -> None:
        agent = self._agent(who)
        after = {
            "ready": agent.declared("ready", None, self.now),
            "not_ready": agent.declared("not_ready", "Break", self.now),
            "connect": agent.with_socket(f"s-{agent.id}", "https://s"),
            "disconnect": agent.without_sockets(set(agent.sockets), self.now),
        }[what]
        self._put(agent, after)

    @rule(seconds=st.integers(1, 30))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    # What must always hold

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        for id, conversation in self.conversations.items():
            seen = [entry.seq for entry in self.entries[id]]
            public = [e.seq for e in self.entries[id] if customer_sees(e.event)]
            assert seen == list(range(1, conversation.seq + 1))
            assert conversation.public_seq == public[-1]

    @invariant()
    def at_most_one_offer_and_one_assignment(self) -> None:
        for conversation in self.conversations.values():
            status = conversation.status
            assert (conversation.offer is not None) == (status == "offered")
            assert (conversation.wrap_up_until is not None) == (status == "wrap_up")
            if status in ("active", "wrap_up"):
                assert conversation.assignment is not None
            if status in ("queued", "offered"):
                assert conversation.assignment is None

    @invariant()
    def load_is_what_is_offered_and_active(self) -> None:
        agents = self.agents.values()
        works = {(agent.id, id, work) for agent in agents for id, work in agent.work.items()}
        held = set()
        for conversation in self.conversations.values():
            concerned = conversation.offer or conversation.assignment
            if concerned and conversation.status != "closed":
                held.add((concerned.agent.id, conversation.id, conversation.status))
        assert works == held
        for agent in agents:
            loads = [1 for id, _, status in held if id == agent.id and status != "wrap_up"]
            assert agent.load == len(loads) <= agent.capacity

    @invariant()
    def refusals_are_remembered(self) -> None:
        for id, conversation in self.conversations.items():
            assert conversation.refusals == self.refused[id]

    @invariant()
    def transcripts_tell_the_state(self) -> None:
        for id, conversation in self.conversations.items():
            told = [MEANING[type(e.event)] for e in self.entries[id] if type(e.event) in MEANING]
            assert told[-1] == conversation.status

    @invariant()
    def customers_see_nothing_of_the_desk(self) -> None:
        for id in self.conversations:
            views = [as_seen_by("customer", entry) for entry in self.entries[id]]
            for view in (view for view in views if view is not None):
                assert not isinstance(view.event, _AGENTS_ONLY)
                assert "A note" not in repr(view)
                assert getattr(view.event, "delivery", None) is None

    @invariant()
    def only_the_assigned_agent_is_told(self) -> None:
        for conversation in self.conversations.values():
            for recipient in recipients(conversation):
                assert conversation.assignment is not None
                assert recipient.connection_id == f"s-{conversation.assignment.agent.id}"

    # How it is done

    def _name(self, kind: str) -> str:
        self.names += 1
        return f"{kind}{self.names}"

    def _offer(self, conversation: Conversation, agent: Agent) -> Change:
        return lifecycle.offer(conversation, agent, self._name("o"), QUEUE, self.now)

    def _offer_to_free(self, conversation: Conversation) -> None:
        free = self._free()
        if free:
            self._commit(self._offer(conversation, free[0]))

    def _accept(self, conversation: Conversation) -> None:
        assert conversation.offer is not None
        agent = self.agents[conversation.offer.agent.id]
        self._commit(lifecycle.accept(conversation, agent, conversation.offer.id, self.now))

    def _decline(self, conversation: Conversation) -> None:
        assert conversation.offer is not None
        agent = self.agents[conversation.offer.agent.id]
        self.refused[conversation.id][agent.id] = self.now
        self._commit(lifecycle.decline(conversation, agent, conversation.offer.id, QUEUE, self.now))

    def _expire(self, conversation: Conversation) -> None:
        assert conversation.offer is not None
        agent = self.agents[conversation.offer.agent.id]
        self.now = max(self.now, conversation.offer.expires_at)
        self.refused[conversation.id][agent.id] = self.now
        self._commit(lifecycle.expire(conversation, agent, conversation.offer.id, QUEUE, self.now))

    def _close(self, conversation: Conversation) -> None:
        assert conversation.assignment is not None
        agent = self.agents[conversation.assignment.agent.id]
        self._commit(lifecycle.close(conversation, agent, QUEUE, "Solved", "A note", self.now))

    def _run_out(self, conversation: Conversation) -> None:
        assert conversation.assignment is not None
        assert conversation.wrap_up_until is not None
        self.now = max(self.now, conversation.wrap_up_until)
        agent = self.agents[conversation.assignment.agent.id]
        self._commit(lifecycle.run_out(conversation, agent, self.now))

    def _end(self, conversation: Conversation) -> None:
        concerned = conversation.offer or conversation.assignment
        agent = self.agents[concerned.agent.id] if concerned else None
        change = self._try(
            lambda: lifecycle.end(conversation, agent, "customer", QUEUE, self.now),
            ConversationClosed,
            conversation.is_open,
        )
        if change:
            self._commit(change)

    def _free(self) -> list[Agent]:
        return [agent for agent in self.agents.values() if agent.is_free]

    def _conversation(self, pick: int) -> Conversation:
        return list(self.conversations.values())[pick % len(self.conversations)]

    def _with(self, *statuses: Status) -> list[Conversation]:
        return [c for c in self.conversations.values() if c.status in statuses]

    def _among(self, *statuses: Status, pick: int) -> Conversation:
        found = self._with(*statuses)
        return found[pick % len(found)]

    def _agent(self, pick: int) -> Agent:
        return list(self.agents.values())[pick % len(self.agents)]

    def _try(self, step: Callable[[], Result], error: type[Exception], may: bool) -> Result | None:
        """The result, or None if it was refused, as it must be exactly when it is not allowed."""
        before = deepcopy((self.conversations, self.agents))
        try:
            result: Result | None = step()
            assert may, "This should have been refused."
        except error:
            assert not may, "This should have been allowed."
            result = None
        assert (self.conversations, self.agents) == before, "A step changed what it was given."
        return result

    def _write(self, conversation: Conversation, author: Author, text: str, may: bool) -> None:
        refusal = messages.refusal(conversation, author, self.now)
        assert (refusal is None) == may
        if refusal is not None:
            return
        draft = MessageDraft(self._name("m"), text, self.now)
        after = messages.with_message(conversation, author, draft)
        entry = messages.message_entry(after, author, draft, after.seq)
        assert after.recent[messages.mark(author, draft.id)] == entry.seq
        assert after.status == conversation.status
        self.conversations[after.id] = after
        self.entries[after.id].append(entry)

    def _commit(self, change: Change | None) -> None:
        assert change is not None
        id = change.after.id
        assert change.before == self.conversations[id]
        assert (change.before.status, change.after.status) in MOVES
        self.conversations[id] = change.after
        self.entries[id] += change.entries
        if change.agent is not None:
            self._put(change.agent.before, change.agent.after)

    def _put(self, before: Agent, after: Agent) -> None:
        assert before == self.agents[before.id]
        assert after.version == before.version + 1
        self.agents[after.id] = after


_AGENTS_ONLY = (
    events.MessageDelivery,
    events.OfferMade,
    events.OfferDeclined,
    events.OfferExpired,
    events.OfferRevoked,
    events.ConversationClosed,
)


DeskMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=50)
TestDesk = DeskMachine.TestCase

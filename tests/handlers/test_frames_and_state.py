"""I10: a state read earlier and the frames since then make the state that is read now.

Random journeys of two agents and a few customers. Each has two windows: one gets every frame, the
other loses some, gets some twice and in another order, and repairs that with ``sync``. On the way
and at the end, I3, I4 and I5 are checked.
"""

from random import Random

import pytest

from chalicelib.domain.routing import id_at, refuses
from proof.desk import DEMO_QUEUE, Desk
from proof.fakes import Json
from proof.people import Customer, DeskAgent
from tests.handlers.screens import AgentScreen, CustomerScreen

Screen = AgentScreen | CustomerScreen


class Journey:
    """Things that happen, chosen by chance."""

    def __init__(self, desk: Desk, chance: Random) -> None:
        self.desk, self.chance = desk, chance
        self.agents = [desk.agent("Grace", capacity=1), desk.agent("Linus", capacity=2)]
        self.customers: list[Customer] = []
        self.whole: list[Screen] = []
        self.faulty: list[Screen] = []
        self._seen: dict[str, int] = {}
        for agent in self.agents:
            self.whole.append(AgentScreen(agent, agent.socket))
            self.faulty.append(AgentScreen(agent, agent.open_window()))
            agent.ready()
        self.look()

    def go(self, steps: int) -> None:
        for _ in range(steps):
            step = self.chance.choice(
                (
                    *(self.start, self.customer_says, self.customer_says, self.customer_ends),
                    *(self.cut_off, self.text, self.send_texts, self.wait),
                    *(self.answer, self.answer, self.agent_says, self.agent_says, self.close),
                    *(self.toggle, self.desk.sweep),
                )
            )
            step()
            self.look()
            self.desk.pass_time(0.5)

    def look(self) -> None:
        """Let every window take the frames that came since it last looked."""
        for screen in self.whole:
            for frame in self._new_frames(screen):
                screen.take(frame)
        for screen in self.faulty:
            frames = self._new_frames(screen)
            kept = [frame for frame in frames if self.chance.random() > 0.3]
            kept += [frame for frame in kept if self.chance.random() > 0.8]
            self.chance.shuffle(kept)
            for frame in kept:
                screen.take(frame)

    def _new_frames(self, screen: Screen) -> list[Json]:
        seen = self._seen.get(screen.socket.id, 0)
        self._seen[screen.socket.id] = len(screen.socket.frames)
        return screen.socket.frames[seen:]

    def start(self) -> None:
        if len(self.customers) < 4:
            customer = self.desk.customer()
            self.customers.append(customer)
            self.whole.append(CustomerScreen(customer, customer.socket))
            self.faulty.append(CustomerScreen(customer, customer.open_window()))

    def customer_says(self) -> None:
        if self.customers:
            self.chance.choice(self.customers).say(f"text {self.chance.random()}")

    def cut_off(self) -> None:
        """A message gets its number and is not stored, until its sender tries again."""
        conversations = self.desk.ports.conversations
        talking = [each for each in self.customers if conversations.get(each.id).is_open]
        if talking:
            customer, id = self.chance.choice(talking), f"{self.chance.random():.12f}"[2:]
            with self.desk.crash_before(conversations, "put_message"):
                customer.say(f"cut off {id}", id)
            customer.say(f"cut off {id}", id)

    def customer_ends(self) -> None:
        if self.customers and self.chance.random() < 0.3:
            self.chance.choice(self.customers).end()

    def text(self) -> None:
        self.desk.text("+15557654321", f"text {self.chance.random()}")

    def send_texts(self) -> None:
        self.desk.phones.refuse_with = self.chance.choice((None, None, 30003))
        self.desk.send_texts()

    def wait(self) -> None:
        self.desk.pass_time(self.chance.choice((5, 20, 61)))

    def answer(self) -> None:
        agent = self.chance.choice(self.agents)
        if agent.offers:
            offer = self.chance.choice(agent.offers)
            self.chance.choice((agent.accept, agent.accept, agent.decline))(offer)

    def agent_says(self) -> None:
        agent = self.chance.choice(self.agents)
        for id in agent.state.work:
            agent.say(id, f"text {self.chance.random()}")

    def close(self) -> None:
        agent = self.chance.choice(self.agents)
        held = [id for id, work in agent.state.work.items() if work != "offered"]
        if held:
            agent.close(self.chance.choice(held))

    def toggle(self) -> None:
        agent = self.chance.choice(self.agents)
        (agent.ready if agent.state.availability == "not_ready" else agent.not_ready)()


def check_loads(desk: Desk, agents: list[DeskAgent]) -> None:
    """I3, I4: agents and conversations agree on who is offered and who holds what."""
    for agent in agents:
        state = agent.state
        assert state.load <= state.capacity
        for id, work in state.work.items():
            conversation = desk.ports.conversations.get(id)
            assert conversation.status == work
            bound = conversation.offer or conversation.assignment
            assert bound is not None
            assert bound.agent.id == agent.id
    held = [id for agent in agents for id in agent.state.work]
    assert len(held) == len(set(held))


def check_nobody_waits_in_vain(desk: Desk, agents: list[DeskAgent]) -> None:
    """I5: after a sweep."""
    now = desk.clock.now()
    for place in desk.ports.conversations.waiting("demo"):
        conversation = desk.ports.conversations.get(id_at(place))
        for agent in agents:
            refused = refuses(agent.state, conversation, DEMO_QUEUE, now)
            assert refused or not agent.state.is_free


@pytest.mark.parametrize("seed", range(4))
def test_old_state_and_frames_make_the_new_state(desk: Desk, seed: int) -> None:
    journey = Journey(desk, Random(seed))  # noqa: S311 - a game
    for _ in range(2):
        journey.go(9)
        check_loads(desk, journey.agents)
        for screen in journey.whole:
            assert screen.shown == screen.fresh
            assert isinstance(screen, CustomerScreen) or screen.misses == 0
    for screen in journey.faulty:
        screen.take(screen.socket.sync())
        if isinstance(screen, AgentScreen):
            screen.reconcile()
        assert screen.shown == screen.fresh
    desk.pass_time(61)
    desk.sweep()
    check_loads(desk, journey.agents)
    check_nobody_waits_in_vain(desk, journey.agents)

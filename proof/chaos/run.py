"""One run: people and faults on a running stack, then peace, and what it comes to."""

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from clients.python import AgentClient, CustomerClient, Refused
from infra.cloud import Cloud
from infra.desk import add_agent, provisioning
from proof.chaos import checks, stored, views
from proof.chaos.agents import Agent
from proof.chaos.checks import Violation
from proof.chaos.customers import PhoneCustomer, WebCustomer
from proof.chaos.faults import Cutter, Killer
from proof.chaos.report import progress
from proof.chaos.world import TICK, Json, World

AGENTS = ("Ada", "Ben", "Cleo", "Dan")
PASSWORD = "Chaos-desk-2026"

SPARE = 0.4
"""How much more the agents can hold than there are conversations: one of them may be gone."""

PHONES = 0.4
"""The share of customers who text."""

WARMS_UP_WITHIN = 90.0
PROGRESS_EVERY = 15.0
SETTLES_WITHIN = 300.0
"""Seconds. A text whose worker was killed comes back after 2 minutes, and may be killed again."""

LOOKS_EVERY = 3.0


class Run:
    """The people and faults of a run.

    ``texts`` and ``violations`` are of the last look; ``settled_after`` tells how many seconds
    after the faults nothing was left to come right.
    """

    def __init__(self, stack: Mapping[str, Any], home: Path, conversations: int, seed: int) -> None:
        self.world = World(stack, seed)
        self.texts = views.Texts()
        self.violations: list[Violation] = []
        self.settled_after = 0.0
        self.last = stored.Stored({}, ())
        phones = round(conversations * PHONES)
        logins = _hire(stack, conversations)
        self.agents = [Agent(self.world, login) for login in logins]
        self.web = [
            WebCustomer(self.world, f"web customer {number}")
            for number in range(1, conversations - phones + 1)
        ]
        self.phones = [
            # Not from 0001 on: some endings stand for numbers in trouble.
            PhoneCustomer(self.world, f"phone customer {number}", f"+1555020{1000 + number}")
            for number in range(1, phones + 1)
        ]
        self._faults = [Killer(self.world, home), Cutter(self.world, self._clients)]
        self._compared: set[CustomerClient] = set()

    def play(self, seconds: float) -> None:
        """Traffic and faults for so long, then peace until all is well or the time is over."""
        try:
            for person in (*self.agents, *self.web, *self.phones):
                person.start()
            self._warm_up()
            for fault in self._faults:
                fault.start()
            self._watch(seconds)
            self.world.fall_silent()
            self._settle()
        finally:
            self.world.finish()

    def _warm_up(self) -> None:
        """Wait until all conversations go on: the faults are to meet traffic."""
        wanted = len(self.web) + len(self.phones)
        deadline = time.monotonic() + WARMS_UP_WITHIN
        while len(self.world.ledger.begun) < wanted and time.monotonic() < deadline:
            self.world.pause(TICK)

    def _clients(self) -> list[AgentClient | CustomerClient]:
        return [agent.client for agent in self.agents] + [one.client for one in self.web]

    def _watch(self, seconds: float) -> None:
        began = time.monotonic()
        while (passed := time.monotonic() - began) < seconds:
            self.world.pause(min(PROGRESS_EVERY, seconds - passed))
            progress(self.world.ledger, time.monotonic() - began)

    def _settle(self) -> None:
        began = shown = time.monotonic()
        print("The faults have stopped; waiting until everything is well.", flush=True)
        while True:
            self.violations = self._look()
            self.settled_after = time.monotonic() - began
            waits = any(not violation.is_final for violation in self.violations)
            if not waits or self.settled_after > SETTLES_WITHIN:
                return
            if time.monotonic() - shown > PROGRESS_EVERY:
                shown = time.monotonic()
                print(f"  {self.settled_after:3.0f} s: {_summary(self.violations)}", flush=True)
            self.world.pause(LOOKS_EVERY)

    def _look(self) -> list[Violation]:
        ledger = self.world.ledger
        self.last = tables = stored.read(self.world.stack)
        self.texts = views.check_texts(
            [person.phone for person in self.phones],
            list(tables.conversations.values()),
            list(ledger.kills),
        )
        return [
            *checks.check_ledger(ledger, tables),
            *checks.check_transcripts(tables),
            *checks.check_lives(tables),
            *checks.check_agents(tables),
            *self.texts.violations,
            *self._look_at_desks(),
            *self._look_at_widgets(),
        ]

    def _look_at_desks(self) -> list[Violation]:
        found = []
        for agent in self.agents:
            if not agent.is_alive():
                continue  # It broke down, and that is a violation already.
            if not agent.client.is_connected:
                found.append(Violation(f"{agent.name} is not connected"))
            else:
                found += views.check_agent(agent.client)
        return found

    def _look_at_widgets(self) -> list[Violation]:
        """Those who are connected as they are; those who left as if they opened it again."""
        found: list[Violation] = []
        for customer in self.web:
            if customer.client not in customer.left and customer.client.conversation_id:
                found += views.check_customer(customer.client)
            for client in customer.left:
                if client not in self._compared:
                    found += self._look_again(client)
        return found

    def _look_again(self, client: CustomerClient) -> list[Violation]:
        with suppress(ConnectionError, Refused):
            client.resume()
        found = list(views.check_customer(client))
        if not found:
            self._compared.add(client)
        return found


def _hire(stack: Mapping[str, Any], conversations: int) -> list[Json]:
    """Agents who between them can hold all conversations, also when one of them is gone."""
    aws = stack["aws"]
    cloud = Cloud(
        aws["region"], aws["endpoint_url"], aws["access_key_id"], aws["secret_access_key"]
    )
    tables = stack["tables"]
    desk = provisioning(
        cloud, {"ConversationsTable": tables["conversations"], "AgentsTable": tables["agents"]}
    )
    capacity = -(-round(conversations * (1 + SPARE)) // len(AGENTS))
    logins = []
    for name in AGENTS:
        email = f"{name.lower()}@chaos.example"
        add_agent(
            cloud.client("cognito-idp"),
            stack["user_pool_id"],
            desk,
            email=email,
            name=name,
            role="agent",
            queues=[stack["queue"]],
            capacity=capacity,
            password=PASSWORD,
        )
        logins.append({"name": name, "email": email, "password": PASSWORD})
    return logins


def _summary(violations: list[Violation]) -> str:
    passing = [violation for violation in violations if not violation.is_final]
    return f"{len(passing)} things are not well yet, such as: {passing[0]}"

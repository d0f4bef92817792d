"""Somebody who asks for what is not theirs, and must be refused without any effect."""

from __future__ import annotations

import json
from typing import Any

from proof.desk import OUR_NUMBER
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.ledger import Violation
from proof.simulation.people.agents import AgentPerson
from proof.simulation.people.clients import Network
from proof.simulation.people.customers import JSON, WebCustomer


class Intruder:
    """Tries wrong secrets, and right ones in the wrong places."""

    def __init__(
        self,
        network: Network,
        mirror: Mirror,
        customers: list[WebCustomer],
        agents: list[AgentPerson],
    ) -> None:
        self._network = network
        self._mirror = mirror
        self._customers = customers
        self._agents = agents
        self._tries = 0

    def begin(self) -> None:
        """Start trying."""
        self._network.scheduler.spawn("intruder", self._live)

    def _live(self) -> None:
        scheduler = self._network.scheduler
        while not self._network.is_healing:
            scheduler.sleep(scheduler.between(3, 20))
            known = sorted(self._mirror.conversations)
            if known:
                trick = scheduler.random.choice(
                    (self._from_outside, self._as_customer, self._as_agent)
                )
                trick(scheduler.random.choice(known))

    def _from_outside(self, conversation_id: str) -> None:
        cloud = self._network.cloud
        form = {"MessageSid": "SM0", "From": "+1", "To": OUR_NUMBER, "Body": "?"}
        self._write(conversation_id, "x.y")
        cloud.webhook("/twilio/messages", form, None, "wrong")
        cloud.socket("CONNECT", "c0=", ticket="wrong", must_not_write=True)

    def _as_customer(self, conversation_id: str) -> None:
        """A customer in the conversation of another."""
        owner = self._mirror.conversations[conversation_id].customer.id
        for customer in self._customers:
            if customer.token is not None and not customer.token.startswith(f"{owner}."):
                self._write(conversation_id, customer.token)
                self._read(conversation_id, customer.token)

    def _as_agent(self, conversation_id: str) -> None:
        """An agent in a conversation that is offered to, or held by, another."""
        conversation = self._mirror.conversations[conversation_id]
        concerned = conversation.offer or conversation.assignment
        for agent in self._agents:
            for window in agent.windows:
                if window.connection_id is None or concerned is None:
                    continue
                if agent.id != concerned.agent.id and agent.id not in conversation.refusals:
                    offer_id = conversation.offer.id if conversation.offer else "none"
                    self._command(agent, window.connection_id, conversation_id, offer_id)

    def _command(
        self, agent: AgentPerson, connection_id: str, conversation_id: str, offer_id: str
    ) -> None:
        self._tries += 1
        message_id = f"intruder-{self._tries}"
        self._network.ledger.sent(agent.name, message_id)
        where: dict[str, Any] = {"ref": "x", "conversation_id": conversation_id}
        for command in (
            {"type": "message.send", "message_id": message_id, "text": "?", **where},
            {"type": "conversation.read", "seq": 1, **where},
            {"type": "offer.accept", "offer_id": offer_id, **where},
            {"type": "offer.decline", "offer_id": offer_id, **where},
            {"type": "conversation.close", "disposition": "Solved", **where},
        ):
            self._network.cloud.socket("MESSAGE", connection_id, body=json.dumps(command))

    def _write(self, conversation_id: str, token: str) -> None:
        body = json.dumps({"message_id": "intruder-1", "text": "Let me in"})
        self._network.cloud.request(
            "POST",
            f"/widget/conversations/{conversation_id}/messages",
            body,
            {**JSON, "authorization": f"Bearer {token}"},
            must_not_write=True,
        )

    def _read(self, conversation_id: str, token: str) -> None:
        path = f"/widget/conversations/{conversation_id}/messages"
        headers = {**JSON, "authorization": f"Bearer {token}"}
        reply = self._network.ask(
            lambda: self._network.cloud.request("GET", path, "", headers, must_not_write=True)
        )
        if reply is not None and reply[0] == 200:
            raise Violation(f"I7: a customer read {conversation_id}, which is another's")

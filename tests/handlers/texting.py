"""What the tests of texts have in common."""

from proof.desk import Desk
from proof.fakes import Json
from proof.people import DeskAgent

PHONE = "+15557654321"


def accepted(desk: Desk, agent: DeskAgent, phone: str = PHONE, **fields: str) -> str:
    """A conversation of the agent with a phone."""
    assert desk.text(phone, "Hello", **fields)[0] == 200
    (conversation_id,) = agent.offered
    agent.accept()
    return conversation_id


def message(agent: DeskAgent, conversation: str, seq: int) -> Json:
    """A message of the transcript."""
    events = agent.transcript(conversation)["events"]
    return next(dict(event) for event in events if event["seq"] == seq)


def deliveries(agent: DeskAgent) -> list[tuple[int, str, str | None]]:
    """What the agent was told of their texts."""
    told = [event for event in agent.socket.events if event["type"] == "message.delivery"]
    return [(event["message_seq"], event["delivery"], event["error"]) for event in told]

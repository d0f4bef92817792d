"""Messages from both sides into a conversation that is known."""

from chalicelib.domain import messages
from chalicelib.domain.access import CustomerToken
from chalicelib.domain.conversation import Author, MessageDraft
from chalicelib.domain.errors import NotFound
from chalicelib.ports import Ports
from chalicelib.usecases.messages.write_message import write


def send_as_customer(
    ports: Ports, conversation_id: str, token: CustomerToken, message_id: str, text: str
) -> int:
    """The number of the message.

    Raises Invalid, Unauthenticated, NotFound, ConversationClosed or Busy.
    """
    author = Author("customer", token.customer_id, token.key)
    try:
        return write(ports, conversation_id, author, _draft(ports, message_id, text))
    except NotFound:
        ports.access.check_token(token)
        raise


def send_as_agent(
    ports: Ports, conversation_id: str, agent_id: str, message_id: str, text: str
) -> int:
    """The number of the message. Raises Invalid, NotFound, ConversationClosed or Busy."""
    author = Author("agent", agent_id)
    return write(ports, conversation_id, author, _draft(ports, message_id, text))


def _draft(ports: Ports, message_id: str, text: str) -> MessageDraft:
    return MessageDraft(message_id, messages.readable(text), ports.clock.now())

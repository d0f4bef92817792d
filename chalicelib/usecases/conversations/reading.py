"""What was read in one window is read in all."""

from chalicelib.domain.access import Connection
from chalicelib.domain.notices import ReadChanged
from chalicelib.ports import Ports
from chalicelib.usecases import deliver
from chalicelib.usecases.retrying import until_settled


def mark_read(ports: Ports, connection: Connection, conversation_id: str, seq: int) -> None:
    """The agent has read up to this number in this window; their other windows are told.

    What they had read before changes nothing. Raises NotFound unless they hold the conversation,
    and Invalid, naming ``seq``, for a number that nothing has yet.
    """
    agent_id = connection.bearer.id
    conversation = until_settled(
        ports.clock, lambda: ports.conversations.mark_read(conversation_id, agent_id, seq)
    )
    if conversation is not None:
        notice = ReadChanged(conversation_id, "agent", seq)
        deliver.to_other_windows(ports, conversation, connection.id, notice)

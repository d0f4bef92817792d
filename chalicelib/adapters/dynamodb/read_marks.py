"""Up to where a conversation was read. No step rests on it, and it takes no number."""

from chalicelib.adapters.dynamodb import codec, conditions
from chalicelib.adapters.dynamodb.client import ConditionFailed, dispatch
from chalicelib.adapters.dynamodb.models import ConversationItem
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.errors import NotFound


def raise_mark(conversation_id: str, agent_id: str, seq: int) -> Conversation | None:
    """Move the agent's mark; None if it was there already. Raises what ``refuses_mark`` says."""
    request = ConversationItem._get_connection().get_operation_kwargs(
        codec.conversation_key(conversation_id),
        "CONVERSATION",
        actions=[ConversationItem.agent_read.set(seq)],
        condition=conditions.goes_forward(agent_id, seq),
        return_values="ALL_NEW",
        return_values_on_condition_failure="ALL_OLD",
    )
    try:
        changed = dispatch(ConversationItem, "UpdateItem", request)["Attributes"]
    except ConditionFailed as failed:
        if not failed.item:
            raise NotFound("There is no such conversation.") from None
        found = codec.read_conversation(ConversationItem.from_raw_data(failed.item))
        refusal = found.refuses_mark(agent_id, seq)
        if refusal is not None:
            raise refusal from None
        return None
    return codec.read_conversation(ConversationItem.from_raw_data(changed))

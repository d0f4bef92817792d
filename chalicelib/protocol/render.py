"""From the domain to the wire."""

from collections.abc import Collection, Iterable, Mapping

from chalicelib.domain import agent as agents
from chalicelib.domain import conversation as conversations
from chalicelib.domain import events as happened
from chalicelib.domain import notices, text
from chalicelib.domain.audience import participant_in_public
from chalicelib.domain.errors import LambdeskError
from chalicelib.domain.queue import Answer, Queue
from chalicelib.domain.record import served_since
from chalicelib.domain.staff import MOST_COUNTED, Outlook, Waiting
from chalicelib.protocol import VERSION, events, rest, socket, views

FIELD_LENGTH = 100


def frame(notice: notices.Notice) -> socket.AnyFrame:  # noqa: C901 - one line for each notice
    """The frame that tells of a notice."""
    match notice:
        case notices.EventHappened(id, after, entry):
            return socket.EventHappened(conversation_id=id, after=after, event=event(entry))
        case notices.QueuePosition(id, outlook):
            return socket.QueuePosition(
                conversation_id=id,
                ahead=outlook.ahead,
                agents=outlook.agents,
                wait_seconds=_wait_seconds(outlook),
            )
        case notices.CustomerPresence(id, is_present):
            return socket.CustomerPresence(conversation_id=id, present=is_present)
        case notices.ReadChanged(id, by, seq):
            return socket.ReadChanged(conversation_id=id, by=by, seq=seq)
        case notices.OfferPresented(conversation, details, queue):
            return socket.OfferPresented(offer=offer(conversation, details, queue))
        case notices.OfferResolved(offer_id, id, outcome):
            return socket.OfferResolved(offer_id=offer_id, conversation_id=id, outcome=outcome)
        case notices.ConversationOpened(conversation, details, queue):
            shown = agent_conversation(conversation, details, queue)
            return socket.ConversationOpened(conversation=shown)
        case notices.ConversationReleased(id):
            return socket.ConversationReleased(conversation_id=id)
        case notices.AgentChanged(changed):
            return socket.AgentChanged(agent=agent(changed))
        case notices.Synced(ref, positions, synced):
            return socket.Synced(
                ref=ref,
                version=VERSION,
                positions=dict(positions),
                agent=agent(synced) if synced else None,
            )
        case notices.Done(ref, seq):
            return socket.Ok(ref=ref, seq=seq)
        case notices.Refused(ref, refusal):
            return socket.Refused(ref=ref, error=error(refusal))


def event(entry: happened.Entry) -> events.Event:  # noqa: C901 - one line for each event
    """An entry of the transcript."""
    seq, at = entry.seq, entry.at
    match entry.event:
        case happened.ConversationStarted(channel):
            return events.ConversationStarted(seq=seq, at=at, channel=channel)
        case happened.MessageSent(message_id, sender, text, delivery):
            return events.MessageSent(
                seq=seq,
                at=at,
                message_id=message_id,
                sender=participant(sender),
                text=text,
                delivery=delivery,
            )
        case happened.MessageDelivery(message_seq, delivery, why):
            return events.MessageDelivery(
                seq=seq, at=at, message_seq=message_seq, delivery=delivery, error=why
            )
        case happened.OfferMade(id, who):
            return events.OfferMade(seq=seq, at=at, offer_id=id, agent=participant(who))
        case happened.OfferDeclined(id, who):
            return events.OfferDeclined(seq=seq, at=at, offer_id=id, agent=participant(who))
        case happened.OfferExpired(id, who):
            return events.OfferExpired(seq=seq, at=at, offer_id=id, agent=participant(who))
        case happened.OfferRevoked(id, who):
            return events.OfferRevoked(seq=seq, at=at, offer_id=id, agent=participant(who))
        case happened.ParticipantJoined(who):
            return events.ParticipantJoined(seq=seq, at=at, participant=participant(who))
        case happened.ParticipantLeft(who):
            return events.ParticipantLeft(seq=seq, at=at, participant=participant(who))
        case happened.ConversationEnded(by, reason):
            return events.ConversationEnded(seq=seq, at=at, by=by, reason=reason)
        case happened.ConversationClosed(disposition, note):
            return events.ConversationClosed(seq=seq, at=at, disposition=disposition, note=note)
        case happened.CustomerOptedOut():
            return events.CustomerOptedOut(seq=seq, at=at)
        case happened.CustomerOptedIn():
            return events.CustomerOptedIn(seq=seq, at=at)
        case happened.NumberVoided():
            return events.NumberVoided(seq=seq, at=at)


def participant(who: happened.Participant) -> views.Participant:
    """A participant."""
    return views.Participant(who.role, who.id, who.name)


def agent(state: agents.Agent) -> views.Agent:
    """An agent's own state."""
    return views.Agent(
        agent_id=state.id,
        name=state.name,
        email=state.email,
        role=state.role,
        availability=state.availability,
        state=state.state,
        since=state.since,
        load=state.load,
        capacity=state.capacity,
        conversations=[id for id, work in state.work.items() if work != "offered"],
        version=state.version,
        reason=state.reason,
        missed=state.missed,
    )


def customer(profile: conversations.Profile) -> views.Customer:
    """A customer, for agents."""
    return views.Customer(
        profile.id, profile.name, profile.email, profile.phone, profile.account_id
    )


def website(page: conversations.Website | None) -> views.Website | None:
    """The page that the customer came from."""
    return views.Website(page.url, page.title) if page else None


def answers(given: Iterable[Answer]) -> list[views.Answer]:
    """The answers to the pre-chat form."""
    return [views.Answer(answer.variable, answer.label, answer.value) for answer in given]


def offer(
    conversation: conversations.Conversation, details: conversations.Details, queue: Queue
) -> views.Offer:
    """The pending offer of a conversation. Raises ValueError when there is none."""
    pending = conversation.offer
    if pending is None:
        raise ValueError("The conversation is not offered.")
    return views.Offer(
        offer_id=pending.id,
        conversation_id=conversation.id,
        queue_id=queue.id,
        queue_name=queue.name,
        channel=conversation.channel,
        customer=customer(details.customer),
        answers=answers(details.answers),
        first_message=details.first_message,
        started_at=conversation.started_at,
        offered_at=pending.made_at,
        expires_at=pending.expires_at,
        seconds=int((pending.expires_at - pending.made_at).total_seconds()),
        website=website(details.website),
    )


def agent_conversation(
    conversation: conversations.Conversation, details: conversations.Details, queue: Queue
) -> views.AgentConversation:
    """A conversation as its agent sees it."""
    last, assignment = conversation.last_message, conversation.assignment
    return views.AgentConversation(
        conversation_id=conversation.id,
        queue_id=queue.id,
        queue_name=queue.name,
        channel=conversation.channel,
        status=conversation.status,
        customer=customer(details.customer),
        answers=answers(details.answers),
        dispositions=list(queue.dispositions),
        started_at=conversation.started_at,
        position=conversation.seq,
        website=website(details.website),
        accepted_at=assignment.accepted_at if assignment else None,
        customer_present=None if conversation.is_text else conversation.customer_is_present,
        last_message=views.LastMessage(last.role, last.text, last.at) if last else None,
        opted_out=conversation.opted_out,
        read=conversation.agent_read,
    )


def customer_conversation(
    conversation: conversations.Conversation, queue: Queue, outlook: Outlook | None
) -> views.CustomerConversation:
    """A conversation as its customer sees it."""
    assignment = conversation.assignment
    return views.CustomerConversation(
        conversation_id=conversation.id,
        queue_id=queue.id,
        queue_name=queue.name,
        channel=conversation.channel,
        status=_customer_status(conversation),
        started_at=conversation.started_at,
        position=conversation.public_seq,
        agent=participant(participant_in_public(assignment.agent)) if assignment else None,
        ahead=outlook.ahead if outlook else None,
        agents=outlook.agents if outlook else None,
        wait_seconds=_wait_seconds(outlook) if outlook else None,
        away_seconds=int(queue.abandoned_after.total_seconds()),
    )


def queue_form(queue: Queue) -> views.QueueForm:
    """What a customer must know of a queue before writing to it."""
    fields = [
        views.FormField(
            field.variable, field.label, field.type, field.required, list(field.options)
        )
        for field in queue.form
    ]
    captcha = queue.captcha
    shown = views.Captcha(captcha.provider, captcha.site_key) if captcha else None
    return views.QueueForm(queue.id, queue.name, fields, shown)


def error(refusal: LambdeskError) -> rest.ErrorDetail:
    """What went wrong. Whoever sends a field of any name is not sent all of it back."""
    field = None if refusal.field is None else text.cut(refusal.field, FIELD_LENGTH)
    return rest.ErrorDetail(refusal.code, refusal.message, field, refusal.retry_after)


def agent_queue(queue: Queue, waiting: Waiting, ready: Collection[str]) -> views.AgentQueue:
    """How a queue of an agent stands."""
    return views.AgentQueue(
        queue.id, queue.name, waiting.count, min(len(ready), MOST_COUNTED), waiting.since
    )


def served(counts: Mapping[int, int]) -> list[views.Served]:
    """What an agent closed."""
    return [views.Served(since, count) for since, count in served_since(counts)]


def _wait_seconds(outlook: Outlook) -> int | None:
    return None if outlook.wait is None else int(outlook.wait.total_seconds())


def _customer_status(conversation: conversations.Conversation) -> views.CustomerStatus:
    if not conversation.is_open:
        return "ended"
    return "active" if conversation.status == "active" else "waiting"

"""Deliberate defects, each of which the simulation must find."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defect:
    """What is broken, where, and how."""

    what: str
    edits: tuple[tuple[str, str, str], ...]
    """Of each: the module, what stands there, and what takes its place."""


_CONDITIONS = "chalicelib.adapters.dynamodb.conditions"
_CONVERSATIONS = "chalicelib.adapters.dynamodb.conversations"
_TRANSACTIONS = "chalicelib.adapters.dynamodb.transactions"
_AGENTS = "chalicelib.adapters.dynamodb.agents"
_ADDRESSES = "chalicelib.adapters.dynamodb.addresses"
_LIFECYCLE = "chalicelib.domain.lifecycle"
_OFFERS = "chalicelib.usecases.routing.offers"
_MATCHING = "chalicelib.usecases.routing.matching"
_WRITE = "chalicelib.usecases.messages.write_message"
_READ = "chalicelib.usecases.conversations.read_conversation"
_TEXTS = "chalicelib.usecases.texting.texts"
_SENDS = "chalicelib.usecases.texting.send_texts"
_AGENT = "chalicelib.domain.agent"
_PRESENCE = "chalicelib.usecases.presence.presence"
_CONNECTIONS = "chalicelib.usecases.connections"


def _one(what: str, module: str, old: str, new: str) -> Defect:
    return Defect(what, ((module, old, new),))


DEFECTS: dict[str, Defect] = {
    "step-ignores-others": _one(
        "A step is written whatever happened since it was decided",
        _CONDITIONS,
        "nothing_happened: Condition = ConversationItem.seq == conversation.seq",
        "nothing_happened: Condition = ConversationItem.pk.exists()",
    ),
    "step-ignores-listeners": _one(
        "A step does not notice a socket that joined since it was decided",
        _CONDITIONS,
        "    nothing_happened &= ConversationItem.attached == conversation.attached\n",
        "",
    ),
    "step-forgets-a-field": _one(
        "A step does not write how often a conversation was refused",
        _TRANSACTIONS,
        "    for group in TOGETHER:\n",
        '    changed.discard("refused")\n    for group in TOGETHER:\n',
    ),
    "claim-ignores-agent": _one(
        "An agent is written whoever wrote them since they were read",
        _AGENTS,
        "        conditions.agent_is_unchanged(change.before),\n"
        "    )\n    for queue_id in after.queues:",
        "    )\n    for queue_id in after.queues:",
    ),
    "address-not-guarded": _one(
        "A conversation is opened whatever the address leads to",
        _TRANSACTIONS,
        "condition=conditions.address_still_leads_to(start.previous)\n"
        "            & conditions.consent",
        "condition=conditions.consent",
    ),
    "duplicates-numbered-again": _one(
        "A repeated message is not recognised by its mark",
        _CONVERSATIONS,
        "conditions.may_write(author, message) & is_due,",
        "conditions.may_write(author, message),",
    ),
    "fresh-marks-dropped": _one(
        "Of too many marks in a conversation the newest are dropped",
        "chalicelib.domain.messages",
        "outdated += marks[:-RETRY_WINDOW]",
        "outdated += marks[RETRY_WINDOW:]",
    ),
    "marks-lost-at-the-end": _one(
        "A conversation that ends does not leave its marks at its address",
        _TRANSACTIONS,
        "            AddressItem.recent.set(customers_marks(ended)),\n",
        "            AddressItem.recent.set({}),\n",
    ),
    "earlier-marks-lost": _one(
        "An address knows only what the last conversation that ended there has taken",
        _TRANSACTIONS,
        "                AddressItem.former.set(codec.encode(start.taken)),\n",
        "",
    ),
    "writes-into-ended": _one(
        "A message is numbered whatever the state of its conversation",
        _CONDITIONS,
        "    holds &= ConversationItem.status.is_in(*OPEN)\n",
        "",
    ),
    "agent-writes-anywhere": _one(
        "An agent's message is taken whether they hold the conversation or not",
        _CONDITIONS,
        "        holds = ConversationItem.agent_id == author.id\n"
        '        holds &= ConversationItem.status == "active"\n',
        "        holds = ConversationItem.pk.exists()\n",
    ),
    "slot-not-released": Defect(
        "A declined or missed offer keeps its slot",
        (
            (
                _LIFECYCLE,
                "agent.without_work(conversation.id, now).answering()",
                "agent.with_work(conversation.id, 'offered', now).answering()",
            ),
            (
                _LIFECYCLE,
                "agent.without_work(conversation.id, now).missing(",
                "agent.with_work(conversation.id, 'offered', now).missing(",
            ),
        ),
    ),
    "capacity-off-by-one": _one(
        "An agent with a full desk counts as free",
        "chalicelib.domain.agent",
        "return self.load >= self.capacity or",
        "return self.load > self.capacity or",
    ),
    "place-kept-when-offered": _one(
        "An offered conversation keeps its place in the queue",
        _TRANSACTIONS,
        '    if before.status == "queued" and after.status != "queued":\n'
        "        transaction.delete(waiting_item(before))\n",
        "",
    ),
    "push-before-store": Defect(
        "A message is pushed before it is stored",
        (
            (
                _WRITE,
                "    stored = ports.conversations.put_message(numbered.conversation, entry)\n"
                "    if stored is not None and not _is_by(stored, author, draft):\n"
                "        numbered",
                "    deliver.to_conversation"
                "(ports, numbered.conversation, [entry], numbered.after)\n"
                "    stored = ports.conversations.put_message(numbered.conversation, entry)\n"
                "    if stored is not None and not _is_by(stored, author, draft):\n"
                "        numbered",
            ),
        ),
    ),
    "presented-before-commit": _one(
        "An offer is on the agent's screen before it is written",
        _MATCHING,
        '        ports.conversations.commit(change)\n    except Conflict:\n        return "lost"\n'
        "    _present(ports, change, details, queue)\n",
        "        _present(ports, change, details, queue)\n"
        '        ports.conversations.commit(change)\n    except Conflict:\n        return "lost"\n',
    ),
    "opened-before-commit": _one(
        "A conversation is on the screen of an agent who has yet to get it",
        _OFFERS,
        "        if change is not None:\n            ports.conversations.commit(change)\n"
        "        return change, held\n",
        "        if change is not None:\n"
        "            queue = ports.queues.get(change.after.queue_id)\n"
        "            opened = ConversationOpened(change.after, held.details, queue)\n"
        "            deliver.to_agent(ports, held.agent, opened)\n"
        "            ports.conversations.commit(change)\n"
        "        return change, held\n",
    ),
    "acknowledged-before-store": _one(
        "A repeated message is acknowledged by its number alone, stored or not",
        _WRITE,
        "    entry = messages.message_entry(numbered.conversation, author, draft, numbered.seq)\n"
        "    stored = ports",
        "    if numbered.is_repeated:\n        return numbered.seq\n"
        "    entry = messages.message_entry(numbered.conversation, author, draft, numbered.seq)\n"
        "    stored = ports",
    ),
    "store-overwrites": _one(
        "An entry is stored over whatever stands under its number",
        _CONVERSATIONS,
        "            conditions.NUMBER_IS_UNUSED, return_values_on_condition_failure",
        "            return_values_on_condition_failure",
    ),
    "voided-not-renumbered": _one(
        "A retry whose number was voided takes the voided number for its own",
        _WRITE,
        "    if stored is not None and not _is_by(stored, author, draft):\n        numbered",
        "    if False:\n        numbered",
    ),
    "never-voids": _one(
        "A number whose sender was cut off stays empty for ever",
        _READ,
        "given_out_at < now - CUT_OFF:",
        "False:",
    ),
    "position-skips-gaps": _one(
        "Readers are told to go on behind a number that is missing",
        _READ,
        "        if entry.seq == position + 1:\n            position = entry.seq",
        "        position = entry.seq",
    ),
    "no-second-look-at-agents": _one(
        "A waiting conversation is claimed once, and after a lost claim forgotten",
        _MATCHING,
        "    while lost_claims < MOST_LOST_CLAIMS and conversation.status",
        "    while lost_claims < 1 and conversation.status",
    ),
    "no-look-at-agents": _one(
        "A new conversation does not look for an agent",
        "chalicelib.usecases.messages.receive_message",
        "        matching.find_agent(ports, received.begun.conversation, received.begun.details)\n",
        "        pass\n",
    ),
    "sweep-does-not-match": _one(
        "The sweep does not bring waiting conversations and free agents together",
        "chalicelib.usecases.sweep",
        "        matching.find_work(ports, agent.id)\n",
        "        pass\n",
    ),
    "sweep-does-not-expire": _one(
        "The sweep leaves overdue offers alone",
        "chalicelib.usecases.sweep",
        'ports.conversations.due("offer", now)',
        '[][:0] and ports.conversations.due("offer", now)',
    ),
    "sweep-forgets-texts": _one(
        "The sweep leaves lost texts alone",
        "chalicelib.usecases.sweep",
        "        if due.message_seq is not None:",
        "        if False:",
    ),
    "late-timer-acts": Defect(
        "A late timer ends the next offer of its conversation",
        (
            (
                _OFFERS,
                "if pending is None or (offer_id is not None and pending.id != offer_id):",
                "if pending is None:",
            ),
            (
                _LIFECYCLE,
                "    if pending is None or pending.id != offer_id or now < pending.expires_at:",
                "    if pending is None or pending.id != offer_id:",
            ),
        ),
    ),
    "accepts-others-offers": _one(
        "An offer is accepted by whoever names any pending one",
        _LIFECYCLE,
        "    if pending is None or pending.id != offer_id or pending.agent.id != agent_id:",
        "    if pending is None:",
    ),
    "stale-claims": Defect(
        "Queues and agents are looked at with eventually consistent reads, also by the sweep",
        (
            (
                _CONVERSATIONS,
                "WaitingItem.query(key, consistent_read=True, page_size=PAGE)",
                "WaitingItem.query(key, page_size=PAGE)",
            ),
            (
                _AGENTS,
                "seats_key(queue_id), consistent_read=True, page_size=PAGE",
                "seats_key(queue_id), page_size=PAGE",
            ),
        ),
    ),
    "prunes-the-wrong-socket": _one(
        "A socket that is gone takes all sockets of the conversation with it",
        "chalicelib.usecases.connections",
        "    of_customer = {id for id in gone if ",
        "    of_customer = {id for id in conversation.sockets if ",
    ),
    "never-prunes": _one(
        "A lost socket is never taken off the agent",
        "chalicelib.usecases.connections",
        "        after = before.without_sockets(",
        "        return before\n        after = before.without_sockets(",
    ),
    "windows-displace-each-other": _one(
        "A window takes another that opens at the same time for one that is gone",
        "chalicelib.usecases.connections",
        "    latest = ports.agents.get(agent.id)\n",
        "    latest = agent\n",
    ),
    "socket-forgotten-first": _one(
        "A socket that is gone is forgotten before it is taken off its agent",
        "chalicelib.usecases.presence.presence",
        '    bearer = connection.bearer\n    if bearer.kind == "agent":\n'
        "        agent = connections.forget",
        "    ports.access.forget_connection(connection_id)\n"
        '    bearer = connection.bearer\n    if bearer.kind == "agent":\n'
        "        agent = connections.forget",
    ),
    "heartbeat-does-not-register": _one(
        "A socket is not told of a conversation that it syncs",
        "chalicelib.usecases.connections",
        "        return conversation\n    crowded_out",
        "        return conversation\n    return conversation\n    crowded_out",
    ),
    "not-handed-back": Defect(
        "The conversations of an agent who is away stay with them",
        (
            ("chalicelib.usecases.sweep", 'ports.conversations.due("away", now)', "()"),
            (
                "chalicelib.usecases.connections",
                "        if not after.sockets:",
                "        if False:",
            ),
        ),
    ),
    "handed-back-at-once": Defect(
        "An agent who reloads the page loses their conversations",
        (
            (
                "chalicelib.domain.agent",
                "(self.away_since and self.away_since + GRACE)",
                "self.away_since",
            ),
            (
                "chalicelib.usecases.connections",
                'Timer("away", agent_id), GRACE)',
                'Timer("away", agent_id), GRACE / 30)',
            ),
        ),
    ),
    "leaving-waits-for-the-sweep": _one(
        "An agent who signs out is told that all is handed over before it is",
        "chalicelib.usecases.presence.leaving",
        "    hand_back(ports, agent_id)\n",
        "",
    ),
    "leaving-forgets-one": _one(
        "An agent who signs out keeps one of their conversations",
        "chalicelib.usecases.routing.handing_back",
        "    for conversation_id in agent.work:\n",
        "    for conversation_id in list(agent.work)[agent.left_at is not None :]:\n",
    ),
    "leaving-keeps-offers": _one(
        "What is offered to an agent who signs out stays so until its time is over",
        _LIFECYCLE,
        "    if pending is not None and pending.agent.id == agent.id:\n"
        "        event: Event = OfferRevoked(",
        "    if pending is not None and pending.agent.id == agent.id and not agent.left_at:\n"
        "        event: Event = OfferRevoked(",
    ),
    "stale-sockets-stay": _one(
        "A socket of which nothing is heard any more counts as live",
        "chalicelib.usecases.sweep",
        'ports.conversations.due("stale", now)',
        "()",
    ),
    "customers-see-everything": _one(
        "Customers are sent the events of agents",
        "chalicelib.domain.audience",
        '    return AUDIENCE.get(type(event)) == "everybody"',
        "    return True",
    ),
    "former-agents-listen": _one(
        "Every socket that a conversation still lists is told of it",
        "chalicelib.domain.audience",
        "        elif conversation.holds_as_agent(socket.owner):",
        "        else:",
    ),
    "wrong-public-number": _one(
        "A step tells the number of its last event also where the customer may not see it",
        "chalicelib.domain.step",
        "        public_seq=public[-1] if public else before.public_seq,",
        "        public_seq=entries[-1].seq,",
    ),
    "frames-claim-no-gap": _one(
        "Frames do not tell what came before them",
        "chalicelib.usecases.deliver",
        "            notice = EventHappened(conversation.id, after, seen)",
        "            notice = EventHappened(conversation.id, 0, seen)",
    ),
    "read-marks-go-back": _one(
        "Up to where an agent has read is what their windows said last",
        _CONDITIONS,
        "    forward |= ConversationItem.agent_read < seq\n",
        "    forward |= ConversationItem.agent_read.exists()\n",
    ),
    "read-before-written": _one(
        "An agent can have read what has yet to be written",
        _CONDITIONS,
        "    forward &= ConversationItem.seq >= seq\n",
        "",
    ),
    "read-by-the-last-agent": _one(
        "What the last agent has read counts as read by the next one",
        _TRANSACTIONS,
        'TOGETHER = (("due_kind", "due_at"), ("assignment", "agent_id", "agent_read"))\n',
        'TOGETHER = (("due_kind", "due_at"), ("assignment", "agent_id"))\n',
    ),
    "read-by-anybody": _one(
        "An agent who does not hold a conversation can have read it",
        _CONDITIONS,
        "    forward &= ConversationItem.agent_id == agent_id\n",
        "",
    ),
    "customers-see-what-is-read": _one(
        "Customers are told up to where the agent has read",
        "chalicelib.usecases.deliver",
        '        if target.viewer == "agent" and target.connection_id != connection_id\n',
        "        if target.connection_id != connection_id\n",
    ),
    "delivery-goes-back": Defect(
        "Twilio's callbacks are recorded in the order in which they come",
        (
            (
                _TEXTS,
                "        if DELIVERY_ORDER[delivery] <= DELIVERY_ORDER[message.delivery]:\n"
                "            return None\n",
                "",
            ),
        ),
    ),
    "delivery-not-guarded": _one(
        "A delivery status is written whatever was recorded since it was read",
        _TRANSACTIONS,
        "            condition=conditions.delivery_is_still(known),\n",
        "",
    ),
    "texts-overtake": _one(
        "A text leaves though an earlier one has not",
        _SENDS,
        "    after, now = conversation.settled, ports.clock.now()\n",
        "    after, now = last - 1, ports.clock.now()\n",
    ),
    "texts-overtake-the-unstored": _one(
        "A text leaves though one before it is numbered and not stored yet",
        _SENDS,
        "        ports.conversations.void(conversation.id, Entry(seq, now, NumberVoided()))\n",
        "        True\n",
    ),
    "texts-after-opt-out": _one(
        "A text leaves though its customer wants none",
        _SENDS,
        "        if is_unwanted:\n",
        "        if False:\n",
    ),
    "sent-again": Defect(
        "A text that has left is sent again when its queue repeats it",
        (
            (_SENDS, "    if message_seq <= conversation.settled:\n        return\n", ""),
            (_SENDS, "after, now = conversation.settled,", "after, now = last - 1,"),
            (_SENDS, 'event.delivery == "pending"', 'event.delivery in ("pending", "sent")'),
        ),
    ),
    "passing-faults-count": _one(
        "A text is given up after five tries, whatever stood in its way",
        _SENDS,
        "    except TextDelayed as delayed:\n"
        "        raise NotSent(pause_after(tries, delayed.pause)) from delayed\n",
        "",
    ),
    "tried-for-ever": _one(
        "A text at which our own code fails is tried for ever",
        _SENDS,
        "        if tries < MOST_TRIES:\n",
        "        if True:\n",
    ),
    "given-up-in-silence": _one(
        "A text that is given up is not marked as failed",
        _SENDS,
        '            record(ports, conversation_id, entry.seq, "failed")\n',
        "",
    ),
    "opt-out-not-told": _one(
        "The conversation in which the customer opts out is not told",
        "chalicelib.usecases.texting.receive_text",
        "        if contact.conversation_id is not None and not contact.has_ended:\n",
        "        if False:\n",
    ),
    "newest-first": _one(
        "A queue offers whoever came last",
        "chalicelib.domain.routing",
        "{_milliseconds(conversation.queued_at):013d}",
        "{10**13 - _milliseconds(conversation.queued_at):013d}",
    ),
    "overtakes-in-a-crowd": _one(
        "A conversation without a pair takes an agent away from those before it",
        _MATCHING,
        "pair[1] is own), None) or _any(ports, pairs)",
        "pair[1] is own), (pairs[0][0], own) if pairs else None)",
    ),
    "back-of-the-queue": _one(
        "An agent is paired with those who came last, not with those who came first",
        _MATCHING,
        "routing.pairs(free, waiting, refuses)",
        "routing.pairs(free, list(waiting)[::-1], refuses)",
    ),
    "conversations-do-not-help": _one(
        "A conversation without a pair waits for an agent to look",
        _MATCHING,
        "pair[1] is own), None) or _any(ports, pairs)",
        "pair[1] is own), None)",
    ),
    "agents-do-not-help": _one(
        "An agent without a pair waits for a conversation to look",
        _MATCHING,
        "default=None) or _any(ports, pairs)",
        "default=None)",
    ),
    "refusals-do-not-count": _one(
        "What was refused comes back to its old place",
        "chalicelib.domain.routing",
        'f"{9 - conversation.priority}#{refused}{',
        'f"{9 - conversation.priority}#{refused[:0]}{',
    ),
    "refusals-forgotten": _one(
        "Only those who are remembered as having refused count",
        _LIFECYCLE,
        "        refused=conversation.refused + 1,\n",
        "        refused=len(refusals),\n",
    ),
    "priority-for-ever": _one(
        "What was handed back comes before all others however often it is refused",
        _LIFECYCLE,
        "        priority=conversation.priority // 2,\n",
        "        priority=conversation.priority,\n",
    ),
    "abandoned-stay": Defect(
        "What was abandoned waits for ever, unless an agent is free for it",
        (("chalicelib.usecases.sweep", 'ports.conversations.due("waiting", now)', "()"),),
    ),
    "abandoned-offered": _one(
        "What was abandoned is offered until the sweep ends it",
        _MATCHING,
        '    if abandoning.end_if_abandoned(ports, conversation):\n        return "ended"\n',
        "",
    ),
    "looked-at-once": _one(
        "Whether the customer is there is looked at once, and never again",
        _CONVERSATIONS,
        "        at = codec.milliseconds(looked_at.next_look)\n",
        "        at = codec.milliseconds(looked_at.next_look) + 10**9\n",
    ),
    "present-are-abandoned": _one(
        "The absence counts from when a window was last closed, whoever is there",
        "chalicelib.domain.conversation",
        "        if self.is_text or self.customer_is_present:\n            return None\n",
        "        if self.is_text:\n            return None\n",
    ),
    "absence-from-the-start": _one(
        "The absence counts from the start, not from when the customer left",
        "chalicelib.usecases.connections",
        "ports.conversations.detach(conversation_id, gone, left_at)",
        "ports.conversations.detach(conversation_id, gone)",
    ),
    "texts-are-abandoned": _one(
        "Who texts is gone, for want of a socket",
        "chalicelib.domain.conversation",
        "        if self.is_text or self.customer_is_present:\n",
        "        if self.customer_is_present:\n",
    ),
    "handed-back-and-ended": _one(
        "A conversation that is handed back ends for an absence that nobody minded",
        _LIFECYCLE,
        "            left_at=now,\n",
        "",
    ),
    "ready-after-the-night": _one(
        "An agent who was gone for long is offered conversations as soon as they are back",
        "chalicelib.domain.agent",
        "        is_late = self.away_since is not None and now >= self.away_since + GRACE\n",
        "        is_late = False\n",
    ),
    "one-queue-is-enough": _one(
        "An agent begins as they left where one of their queues says so",
        "chalicelib.usecases.presence.presence",
        "    return all(ports.queues.get(queue_id).begins_ready for",
        "    return any(ports.queues.get(queue_id).begins_ready for",
    ),
    "ready-whatever-is-missed": _one(
        "An agent stays ready however many offers they miss",
        "chalicelib.domain.agent",
        '        if missed < most or self.availability == "not_ready":\n',
        "        if missed:\n",
    ),
    "answers-do-not-count": _one(
        "Missed offers are counted whatever the agent answers in between",
        "chalicelib.domain.agent",
        "        return self if self.reason == NO_ANSWER else replace(self, missed=0)\n",
        "        return self\n",
    ),
    "starts-not-limited": _one(
        "A conversation is begun however many were started",
        _CONDITIONS,
        "    is_within |= StartsItem.started < count.most\n",
        "    is_within |= StartsItem.started.exists()\n",
    ),
    "repeated-start-refused": Defect(
        "A start that is repeated is refused where nothing more may start",
        (
            (
                _TRANSACTIONS,
                '    if any(reason != "None" for reason in of_others) or',
                "    if",
            ),
            (
                "chalicelib.usecases.messages.receive_message",
                "        _check_nothing_changed(ports, inbound, conversation_id, contact)\n",
                "",
            ),
        ),
    ),
    "agents-known-to-customers": _one(
        "Customers are shown the id with which an agent signs in",
        "chalicelib.domain.audience",
        "            return replace(event, participant=participant_in_public(event.participant))\n",
        "            return event\n",
    ),
    "acceptance-not-recorded": _one(
        "An agent's record does not tell of what they accepted",
        _LIFECYCLE,
        "AgentChange(agent, taking.having_taken(conversation.queue_id, now)),",
        "AgentChange(agent, taking),",
    ),
    "served-by-the-customers-end": _one(
        "A conversation that its customer ends is counted as served, and again when it is closed",
        _LIFECYCLE,
        'wrapping_up = agent.with_work(conversation.id, "wrap_up", now)\n',
        'wrapping_up = agent.with_work(conversation.id, "wrap_up", now).having_served(now)\n',
    ),
    "removed-and-let-in": _one(
        "An agent who was removed is let in as before",
        _PRESENCE,
        "    if agent.is_removed:\n",
        "    if False:\n",
    ),
    "removed-keep-seats": _one(
        "An agent who is removed keeps their queues and their seats",
        _AGENT,
        """            queues=(),
            availability="not_ready",
            reason=None,
            since=now,
            away_since=now,
            is_removed=True,
""",
        "            away_since=now,\n            is_removed=True,\n",
    ),
    "removed-and-left-to-the-sweep": _one(
        "What a removed agent has in hand stays with them until the next sweep",
        "chalicelib.usecases.presence.removing",
        "    hand_back(ports, agent_id)\n",
        "",
    ),
    "removed-keep-wrap-ups": _one(
        "The wrap-ups of an agent who is removed stay with them",
        _LIFECYCLE,
        "    elif agent.is_removed and conversation",
        "    elif False and conversation",
    ),
    "removed-keep-windows": _one(
        "The windows of an agent who is removed stay registered",
        "chalicelib.usecases.routing.handing_back",
        "    if agent.is_removed:\n",
        "    if False:\n",
    ),
    "windows-without-end": _one(
        "An agent may have any number of windows",
        _AGENT,
        "(connection_id, endpoint)][-MOST_WINDOWS:]",
        "(connection_id, endpoint)]",
    ),
    "tabs-at-once-without-end": _one(
        "Customers' windows that open in the same moment are not limited",
        _CONNECTIONS,
        "    if too_many:\n",
        "    too_many = []\n    if too_many:\n",
    ),
    "crowded-out-in-silence": _one(
        "A window that makes room is not told why",
        _CONNECTIONS,
        "    ports.push.send(Parcel(id, endpoint, refused) for id, endpoint in sockets.items())\n",
        "    del refused\n",
    ),
    "crowded-out-left-open": _one(
        "A window that makes room is not hung up on",
        _CONNECTIONS,
        "        ports.push.close(id, endpoint)\n\n\ndef detach(",
        "        del id, endpoint\n\n\ndef detach(",
    ),
    "crowded-out-still-listed": _one(
        "A window that an agent does not have any more stays in their conversations",
        _CONNECTIONS,
        "    agent = until_settled(ports.clock, attempt)\n    for",
        "    agent = until_settled(ports.clock, attempt)\n    return agent\n    for",
    ),
    "conflict-is-fatal": _one(
        "A conflict is answered with an error for good",
        "chalicelib.usecases.retrying",
        "        except Conflict:\n            clock.pause(number)\n",
        "        except Conflict:\n            break\n",
    ),
    "signature-not-checked": _one(
        "Twilio's webhooks are taken from anybody",
        "chalicelib.handlers.twilio",
        "    if not settings.twilio_auth_token or not validator",
        "    if not settings.twilio_auth_token and not validator",
    ),
    "token-not-checked": _one(
        "A customer's message is taken with any token",
        _CONDITIONS,
        "    holds = ConversationItem.customer_id == author.id\n"
        "    holds &= ConversationItem.status.is_in(*OPEN)\n"
        "    if author.key is not None:\n",
        "    holds = ConversationItem.status.is_in(*OPEN)\n    if False:\n",
    ),
    "ended-remembered-as-open": _one(
        "A text that reaches a conversation that has ended is not looked for a new one",
        "chalicelib.usecases.messages.receive_message",
        "    if contact.is_recalled:\n        raise Conflict\n    return None",
        "    return Received(contact.conversation_id)",
    ),
}

"""Where customers are found again, what was taken there last, and what they consented to."""

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamodb import addresses
from chalicelib.adapters.dynamodb.transactions import MOST_CONSENTS
from chalicelib.domain import access, lifecycle, text_steps
from chalicelib.domain.access import CustomerToken
from chalicelib.domain.conversation import Author, Consent, Contact
from chalicelib.domain.errors import Conflict, Unauthenticated
from chalicelib.domain.events import MessageSent
from chalicelib.domain.messages import RETRY_WINDOW
from chalicelib.domain.texting import TextAddress
from chalicelib.usecases.texting.receive_text import IncomingText, receive_text
from tests.adapters.world import World, entrance_of
from tests.domain.samples import NOW, QUEUE

OURS, THEIRS = "+15550100000", "+15550101234"
LINES = (OURS,)
ADDRESS = f"sms|{OURS}|{THEIRS}"


def end(world: World, id: str = "c1") -> None:
    """The customer ends a conversation that waits."""
    world.conversations.commit(lifecycle.end(world.get(id), None, "customer", QUEUE, NOW))


def test_an_unknown_address_leads_nowhere(world: World) -> None:
    assert world.addresses.contact("nowhere") == Contact()
    say(world, "nowhere", True, "SM1")
    assert world.addresses.contact("nowhere") == Contact(
        opted_out=True, consents=frozenset(("SM1",))
    )
    say(world, "nowhere", False, "SM2")
    world.begin(address="nowhere")
    assert world.addresses.contact("nowhere") == Contact("c1", consents=frozenset(("SM1", "SM2")))


def test_what_the_last_conversation_took_is_known_when_a_new_one_begins(world: World) -> None:
    """A text that comes again late is known, though its conversation is over."""
    first = world.begin("c1", address="here").conversation
    end(world)
    say(world, "here", False, "SM1")
    of_first = dict.fromkeys(first.recent, "c1")
    ended = Contact("c1", has_ended=True, taken=of_first, consents=frozenset(("SM1",)))
    assert world.addresses.contact("here") == ended
    second = world.begin("c2", address="here", previous="c1", message_id="m2").conversation
    begun = replace(ended, conversation_id="c2", has_ended=False)
    assert world.addresses.contact("here") == begun
    world.write(Author("customer", second.customer.id), "another", id="c2")
    end(world, "c2")
    of_second = dict.fromkeys(world.get("c2").recent, "c2")
    assert len(of_second) == 2
    both = replace(ended, conversation_id="c2", taken=of_first | of_second)
    assert world.addresses.contact("here") == both


def test_as_many_messages_are_known_as_may_be_repeated(world: World) -> None:
    """However many conversations took them."""
    previous: str | None = None
    for number in range(RETRY_WINDOW + 3):
        id = f"c{number}"
        world.begin(id, address="here", previous=previous, message_id=f"m{number}")
        end(world, id)
        previous = id
    known = world.addresses.contact("here").taken
    assert list(known.values()) == [f"c{number}" for number in range(2, RETRY_WINDOW + 3)]


def test_what_agents_wrote_is_of_no_use_at_an_address(world: World) -> None:
    world.begin(address="here")
    world.accept(world.hire())
    world.write(Author("agent", "grace"), "m2")
    world.conversations.commit(
        lifecycle.end(world.get(), world.agents.get("grace"), "customer", QUEUE, NOW)
    )
    assert list(world.addresses.contact("here").taken.values()) == ["c1"]


def test_a_token_belongs_to_its_customer_until_it_expires(world: World) -> None:
    world.begin(entrance=entrance_of())
    token = CustomerToken("ada", "token-of-ada")
    contact = world.addresses.contact_of(token, "address of c1", "c1", QUEUE.id)
    assert (contact.conversation_id, contact.has_begun) == ("c1", True)
    for wrong in (CustomerToken("eve", "token-of-ada"), CustomerToken("ada", "unknown")):
        with pytest.raises(Unauthenticated):
            world.ports.access.check_token(wrong)
        with pytest.raises(Unauthenticated):
            world.addresses.contact_of(wrong, "address of c1", "c1", QUEUE.id)
    world.clock.time += access.TOKEN_LASTS
    with pytest.raises(Unauthenticated):
        world.ports.access.check_token(token)
    with pytest.raises(Unauthenticated):
        world.addresses.contact_of(token, "address of c1", "c1", QUEUE.id)


# Consent


def opted_out(world: World) -> bool:
    return world.addresses.contact("here").opted_out


@pytest.mark.parametrize("begun", [False, True])
def test_a_repeated_word_changes_nothing(world: World, begun: bool) -> None:
    """Twilio may deliver STOP again after the customer has said START."""
    if begun:
        world.begin(address="here")
    say(world, "here", True, "SM1")
    assert opted_out(world)
    say(world, "here", False, "SM2")
    before = world.snapshot()
    with pytest.raises(Conflict):
        say(world, "here", True, "SM1")
    assert world.snapshot() == before
    assert not opted_out(world)
    say(world, "here", True, "SM3")
    with pytest.raises(Conflict):
        say(world, "here", False, "SM2")
    assert opted_out(world)


def test_consent_meets_a_conversation_that_began_or_ended(world: World) -> None:
    """It must be told to the conversation that is there, so it looks again."""
    nothing = world.addresses.contact("here")
    world.begin(address="here")
    begun = world.addresses.contact("here")
    end(world)
    ended = world.addresses.contact("here")
    for outdated in (nothing, begun):
        with pytest.raises(Conflict):
            world.conversations.commit_consent(Consent("here", True, "SM1", outdated), None)
    world.conversations.commit_consent(Consent("here", True, "SM1", ended), None)
    assert opted_out(world)


@pytest.mark.parametrize("is_out", [True, False])
def test_a_conversation_that_begins_knows_the_consent(world: World, is_out: bool) -> None:
    """It is written only if what it says of its customer is still so."""
    say(world, "here", not is_out, "SM1")
    say(world, "here", is_out, "SM2")
    with pytest.raises(Conflict):
        world.begin(address="here", opted_out=not is_out)
    world.begin(address="here", opted_out=is_out)
    assert world.get().opted_out == is_out


def test_consent_is_told_in_one_step(world: World) -> None:
    """All or nothing: a reader who sees one sees the other."""
    world.begin(address="here")
    contact, conversation = world.addresses.contact("here"), world.get()
    change = text_steps.consent_changed(conversation, True, NOW)
    assert change is not None
    world.write(Author("customer", conversation.customer.id), "another")
    with pytest.raises(Conflict):
        world.conversations.commit_consent(Consent("here", True, "SM1", contact), change)
    assert not opted_out(world)
    again = text_steps.consent_changed(world.get(), True, NOW)
    world.conversations.commit_consent(Consent("here", True, "SM1", contact), again)
    assert opted_out(world)
    assert world.get().opted_out


def test_a_phone_that_changes_its_mind_all_day_fills_no_item(world: World) -> None:
    last = 3 * MOST_CONSENTS
    for number in range(last):
        say(world, "here", number % 2 == 0, f"SM{number}")
    item = world.item("ADDRESS#here", "ADDRESS")
    assert len(item["consents"]["SS"]) <= MOST_CONSENTS
    with pytest.raises(Conflict):
        say(world, "here", True, f"SM{last - 1}")
    assert not opted_out(world)


def test_consent_is_of_one_address(world: World) -> None:
    say(world, "there", True, "SM1")
    assert not opted_out(world)
    say(world, "here", True, "SM1")
    assert opted_out(world)


def say(world: World, address: str, opted_out: bool, sid: str) -> None:
    """The customer says whether they want texts, where no conversation has to be told."""
    contact = world.addresses.contact(address)
    world.conversations.commit_consent(Consent(address, opted_out, sid, contact), None)


# What a worker remembers


def test_an_open_conversation_is_recalled(world: World) -> None:
    world.begin(address="here")
    looked = world.addresses.recall("here", LINES)
    assert looked == Contact("c1")
    world.calls.clear()
    assert world.addresses.recall("here", LINES) == replace(looked, is_recalled=True)
    assert world.operations == []
    assert world.addresses.contact("here") == looked
    assert world.operations == ["BatchGetItem"], "A new question gets the current answer."


def test_where_nothing_is_open_is_looked_again(world: World) -> None:
    assert world.addresses.recall("here", LINES) == Contact()
    world.begin(address="here")
    assert world.addresses.recall("here", LINES) == Contact("c1")
    end(world)
    assert world.addresses.recall("here", LINES).conversation_id == "c1", "That is what was so."
    assert world.addresses.contact("here").has_ended
    ended = world.addresses.recall("here", LINES)
    assert (ended.has_ended, ended.is_recalled) == (True, False)
    world.begin("c2", address="here", previous="c1")
    begun = world.addresses.recall("here", LINES)
    assert (begun.conversation_id, begun.is_recalled) == ("c2", False)


def test_a_worker_recalls_what_it_looked_for_last(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "MOST_RECALLED", 2)
    for id in ("c1", "c2", "c3"):
        world.begin(id, address=id)
    for id in ("c1", "c2", "c3"):
        world.addresses.recall(id, LINES)
    recalled = {id: world.addresses.recall(id, LINES).is_recalled for id in ("c2", "c3", "c1")}
    assert recalled == {"c2": True, "c3": True, "c1": False}


@pytest.fixture
def by_phone(world: World) -> World:
    """A worker that knows an open conversation by SMS from two texts."""
    world.queues.put(QUEUE)
    world.queues.put_number(OURS, QUEUE.id)
    texted(world, "SM1")
    texted(world, "SM2")
    assert world.addresses.recall(ADDRESS, LINES).is_recalled
    return world


def texted(world: World, sid: str, opts_out: bool | None = None) -> None:
    address = TextAddress("sms", OURS, THEIRS)
    receive_text(world.ports, IncomingText(address, "", sid, "Hello", opts_out))


def held_there(world: World) -> str:
    return world.addresses.contact(ADDRESS).conversation_id or ""


def ids_of(world: World, conversation_id: str) -> list[str]:
    """The texts in the transcript."""
    entries = list(world.conversations.entries(conversation_id, 0, 99))
    return [e.event.message_id for e in entries if isinstance(e.event, MessageSent)]


def test_a_text_to_a_conversation_that_was_closed_opens_another(by_phone: World) -> None:
    """Another worker closed it: this one believes it open until it writes."""
    first = held_there(by_phone)
    end(by_phone, first)
    by_phone.calls.clear()
    texted(by_phone, "SM3")
    assert by_phone.operations[:3] == ["UpdateItem", "BatchGetItem", "TransactWriteItems"]
    second = held_there(by_phone)
    assert second != first
    assert (ids_of(by_phone, first), ids_of(by_phone, second)) == (["SM1", "SM2"], ["SM3"])


def test_a_text_to_a_conversation_that_was_replaced_goes_to_the_new_one(by_phone: World) -> None:
    """Another worker closed it and began the next."""
    first = held_there(by_phone)
    end(by_phone, first)
    details = by_phone.conversations.get_with_details([first])[first][1]
    by_phone.begin("next", address=ADDRESS, previous=first, channel="sms", details=details)
    texted(by_phone, "SM3")
    texted(by_phone, "SM4")
    assert held_there(by_phone) == "next"
    assert ids_of(by_phone, "next") == ["m1", "SM3", "SM4"]


@pytest.mark.parametrize("sid", ["SM1", "SM2"])
def test_a_late_repetition_opens_nothing_and_is_written_nowhere(by_phone: World, sid: str) -> None:
    """Whether the worker recalls the conversation, knows that it ended, or knows of another."""
    first = held_there(by_phone)
    end(by_phone, first)
    before = by_phone.snapshot()
    texted(by_phone, sid)
    assert held_there(by_phone) == first
    texted(by_phone, sid)
    assert by_phone.snapshot() == before
    texted(by_phone, "SM3")
    before = by_phone.snapshot()
    texted(by_phone, sid)
    assert by_phone.snapshot() == before


def test_stop_and_start_come_again_in_any_order(by_phone: World) -> None:
    texted(by_phone, "SM3", opts_out=True)
    assert by_phone.addresses.contact(ADDRESS).opted_out
    assert by_phone.get(held_there(by_phone)).opted_out
    texted(by_phone, "SM4", opts_out=False)
    texted(by_phone, "SM3", opts_out=True)
    assert not by_phone.addresses.contact(ADDRESS).opted_out
    assert not by_phone.get(held_there(by_phone)).opted_out
    assert ids_of(by_phone, held_there(by_phone)) == ["SM1", "SM2", "SM3", "SM4"]

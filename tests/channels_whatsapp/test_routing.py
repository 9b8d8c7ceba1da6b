"""One sender for many companies: each message finds its conversation, or a tray, and never another company (W5, I7)."""

import pytest

from accounts.models import User
from candidates.consent_rules import Standing
from channels_whatsapp import aliases, senders
from inbox.models import Conversation, DeliveryAttempt, Message, UnmatchedReply
from tests import steps
from tests.builders import Builders, new_number
from tests.channels_whatsapp import steps as wa
from tests.conftest import Twilio


def at_company(a: Builders, phone: str) -> tuple[User, Conversation]:
    """A user of another company each time, and her conversation with that phone."""
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    return maya, a.whatsapp_conversation(team=[maya], phone=phone)


def said_in(chat: Conversation) -> list[str]:
    return list(chat.messages.filter(direction="in").order_by("pk").values_list("body", flat=True))


def sid_of(message: Message) -> str:
    return DeliveryAttempt.objects.get(message=message).provider_id


@pytest.mark.requirement("W5", "I7", "W2")
def test_a_reply_with_a_reference_goes_where_it_points_and_one_without_to_the_operator(
    a: Builders, twilio: Twilio
) -> None:
    # given two companies that wrote to one phone through the platform's sender
    a.whatsapp_sender()
    phone = new_number()
    maya, hers = at_company(a, phone)
    nora, other = at_company(a, phone)
    first, second = wa.invite(hers, maya), wa.invite(other, nora)

    # when the person replies to each by name, then each reply is at its company, and its window alone is open
    wa.says(twilio, hers, "To Maya", OriginalRepliedMessageSid=sid_of(first))
    assert (said_in(hers), said_in(other)) == (["To Maya"], [])
    assert Message.objects.get(body="To Maya").reply_to == first
    assert not hasattr(wa.reach(hers), "reason")
    assert hasattr(wa.reach(other), "reason")
    wa.says(twilio, hers, "To Nora", OriginalRepliedMessageSid=sid_of(second))
    assert said_in(other) == ["To Nora"]

    # when she names none, then no company sees it, and a Stop in it holds at both
    wa.says(twilio, hers, "Who is this?")
    wa.says(twilio, hers, "STOP")
    stray = UnmatchedReply.objects.filter(sender=phone).order_by("pk")
    assert [(each.company, each.body) for each in stray] == [(None, "Who is this?"), (None, "STOP")]
    assert (wa.standing(hers), wa.standing(other)) == (Standing.OPTED_OUT, Standing.OPTED_OUT)
    wa.says(twilio, hers, "Start")
    assert (wa.standing(hers), wa.standing(other)) == (Standing.OPTED_IN, Standing.OPTED_IN)


@pytest.mark.requirement("W5", "I7", "O10")
def test_without_a_reference_the_only_company_that_wrote_within_30_days_gets_it(a: Builders, twilio: Twilio) -> None:
    a.whatsapp_sender()
    phone = new_number()
    maya, hers = at_company(a, phone)
    nora, other = at_company(a, phone)
    wa.invite(hers, maya)
    wa.invite(other, nora)
    wa.hours_pass(other, 24 * 31)
    wa.says(twilio, hers, "Hello")
    assert (said_in(hers), said_in(other)) == (["Hello"], [])
    assert Message.objects.get(body="Hello").is_guess
    # and Stop to one company leaves the other alone
    wa.says(twilio, hers, "Stop")
    assert (wa.standing(hers), wa.standing(other)) == (Standing.OPTED_OUT, Standing.INVITED)


@pytest.mark.requirement("W5", "I7")
def test_a_reference_to_what_another_person_got_is_no_reference(a: Builders, twilio: Twilio) -> None:
    a.whatsapp_sender()
    maya, hers = at_company(a, new_number())
    nora, other = at_company(a, new_number())
    foreign = wa.invite(other, nora)
    wa.invite(hers, maya)
    wa.says(twilio, hers, "Hello", OriginalRepliedMessageSid=sid_of(foreign))
    assert (said_in(hers), said_in(other)) == (["Hello"], [])


@pytest.mark.requirement("W5", "I7")
def test_a_company_with_its_own_sender_keeps_its_messages_and_its_words(a: Builders, twilio: Twilio) -> None:
    a.whatsapp_sender()
    maya, chat = at_company(a, new_number())
    a.whatsapp_sender(chat.company)
    wa.says(twilio, chat, "I write first")
    assert UnmatchedReply.objects.get(body="I write first").company == chat.company
    wa.open_window(twilio, chat, maya)
    assert wa.write(chat, maya, "Hello!").body == "Hello!", "no company's name before it: the person knows the sender"


@pytest.mark.requirement("I3")
def test_a_message_that_comes_twice_is_there_once(a: Builders, twilio: Twilio) -> None:
    a.whatsapp_sender()
    maya, chat = at_company(a, new_number())
    wa.invite(chat, maya)
    for _ in range(2):
        twilio.whatsapp(sender=chat.person.phone, recipient=wa.ours(chat), body="Hi", sid="SM" + "7" * 32)
    assert said_in(chat) == ["Hi"]


@pytest.mark.requirement("O10", "O12")
def test_names_seen_together_are_one_address_and_a_stop_from_any_closes_all(a: Builders, twilio: Twilio) -> None:
    a.whatsapp_sender()
    maya, chat = at_company(a, new_number())
    wa.invite(chat, maya)
    wa.says(twilio, chat, "Hi", ExternalUserId="whatsapp:US.1349120865")
    sender = senders.sender_of(chat.company_id)
    assert sender
    assert aliases.addresses_of(sender, "US.1349120865") == sorted([chat.person.phone, "US.1349120865"])
    # when she hides her number and writes Stop
    sid = steps.new_sid()
    twilio.whatsapp(sender="US.1349120865", recipient=wa.ours(chat), body="Stop", sid=sid)
    # then it is in her conversation, and her number is out as well
    assert said_in(chat) == ["Hi", "Stop"]
    assert wa.standing(chat) == Standing.OPTED_OUT
    assert wa.standing(chat, "US.1349120865") == Standing.OPTED_OUT


@pytest.mark.requirement("Q7", "I7")
@pytest.mark.parametrize(
    ("fields", "body", "kinds"),
    [
        ({"Body": "Confirm", "ButtonText": "Confirm", "MessageType": "interactive"}, "Confirm", []),
        ({"Body": "", "ButtonText": "Confirm", "MessageType": "button"}, "Confirm", []),
        (
            {"Body": "", "Latitude": "52.5", "Longitude": "13.4", "Label": "Café", "MessageType": "location"},
            "Café\nhttps://www.openstreetmap.org/?mlat=52.5&mlon=13.4#map=16/52.5/13.4",
            [],
        ),
        (
            {"Body": "Look", "NumMedia": "1", "MediaContentType0": "image/jpeg", "MessageType": "image"},
            "Look",
            ["image"],
        ),
        ({"Body": "", "NumMedia": "1", "MediaContentType0": "audio/ogg", "MessageType": "audio"}, "", ["audio"]),
        ({"Body": "", "NumMedia": "1", "MediaContentType0": "image/webp", "MessageType": "sticker"}, "", ["sticker"]),
        ({"Body": "", "MessageType": "contacts"}, "", ["contacts"]),
        ({"Body": "👍", "MessageType": "reaction"}, "Reacted with 👍", []),
        ({"Body": "", "MessageType": "something new"}, "", []),
    ],
)
def test_each_kind_of_message_ends_in_the_thread(
    a: Builders, twilio: Twilio, fields: dict[str, str], body: str, kinds: list[str]
) -> None:
    a.whatsapp_sender()
    maya, chat = at_company(a, new_number())
    wa.invite(chat, maya)
    known = {"body": "", **{name: value for name, value in fields.items() if name != "Body"}}
    known["body"] = fields["Body"]
    wa.says(twilio, chat, **known)
    message = chat.messages.get(direction="in")
    assert message.body == body
    assert [each["kind"] for each in message.attachments] == kinds


@pytest.mark.requirement("I7")
@pytest.mark.parametrize("sender", ["AMZN", "", "32665"])
def test_who_cannot_be_named_is_kept_for_the_operator(a: Builders, twilio: Twilio, sender: str) -> None:
    ours = a.whatsapp_sender()
    assert twilio.whatsapp(sender=sender, recipient=ours.number, body="Hi", sid=steps.new_sid()) == 200
    assert UnmatchedReply.objects.get(recipient=ours.number).company is None

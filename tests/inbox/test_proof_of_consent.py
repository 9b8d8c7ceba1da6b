"""The proof of consent for one number: what it holds, who gets it, and that a stranger can check it (O11, A5)."""

import base64
import hashlib
import json
from io import BytesIO
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from reportlab.lib.styles import ParagraphStyle

from accounts.models import AuditAction, AuditEntry, User
from candidates import sealing
from candidates.consent_rules import EventKind
from candidates.models import Consent, ConsentEvent
from inbox import deciding
from inbox.models import Conversation, Message
from inbox.outcomes import Accepted
from inbox.proof.gathering import proof_of
from inbox.proof.scripts import printed, shown
from tests import steps
from tests.builders import Builders
from tests.conftest import Twilio

ASKS = "Прошу… please stop texting me 🙏 Zoë <b>"


@pytest.fixture
def ada(a: Builders) -> User:
    """The company's admin, who is on the team."""
    return a.user(name="Ada Novák", is_company_admin=True)


@pytest.fixture
def story(a: Builders, ada: User, twilio: Twilio) -> Conversation:
    """Invited, said Yes, was written to, asked to stop in words, and was opted out."""
    chat = a.conversation(team=[ada], sms="first consent", name="Zoë Åkerlund")
    steps.hand_over(steps.invite(chat, ada), Accepted(steps.new_sid(), "delivered"))
    steps.says(twilio, chat, "Yes")
    steps.hand_over(steps.write(chat, ada, "Are you free on Thursday?"), Accepted(steps.new_sid(), "delivered"))
    steps.says(twilio, chat, ASKS)
    deciding.opt_out(message_id=Message.objects.get(hold__isnull=False).pk, by=ada)
    return chat


def exported(client: Client, user: User, consent: Consent, kind: str = "json") -> Any:
    client.force_login(user)
    return client.post(reverse(f"consent-proof-{kind}", args=[consent.pk]))


def proof(client: Client, user: User, chat: Conversation) -> Any:
    return json.loads(exported(client, user, steps.consent_of(chat)).content)


def flaws(proof: Any) -> list[str]:
    """What a stranger finds wrong with an export, by the way that it describes, with nothing of ours."""
    return [*flaws_of_chain(proof), *flaws_of_events(proof)]


def flaws_of_chain(proof: Any) -> list[str]:
    raw = {each["name"]: base64.b64decode(each["public_key"]) for each in proof["keys"]}
    keys = {name: Ed25519PublicKey.from_public_bytes(key) for name, key in raw.items()}
    found: list[str] = []
    before = None
    for seal in proof["chain"]:
        number = seal["number"]
        said = {"company": proof["company"]["id"]}
        said |= {key: seal[key] for key in ("events", "number", "root", "sealed_at")}
        text = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
        link = hashlib.sha256(bytes.fromhex(seal["link_before"]) + text).digest()
        if link.hex() != seal["link"] or before not in {None, seal["link_before"]}:
            found.append(f"link {number}")
        try:
            signed = b"SmartMessage consent ledger seal\n" + link
            keys[seal["key"]].verify(base64.b64decode(seal["signature"]), signed)
        except InvalidSignature:
            found.append(f"signature {number}")
        digests = b"".join(bytes.fromhex(each) for each in seal.get("digests", []))
        if digests and hashlib.sha256(digests).hexdigest() != seal["root"]:
            found.append(f"root {number}")
        before = seal["link"]
    return found


def flaws_of_events(proof: Any) -> list[str]:
    found: list[str] = []
    chain = {seal["number"]: seal for seal in proof["chain"]}
    for event in [event for channel in proof["channels"] for event in channel["events"]]:
        if event["content"] is not None:
            made = hashlib.sha256(bytes.fromhex(event["salt"]) + event["content"].encode()).hexdigest()
            said = json.loads(event["content"])
            shown_too = [event["kind"], event["at"], event["words"], event["source"], event["details"]]
            if made != event["digest"] or said[1:6] != shown_too or said[-1] != proof["address"]:
                found.append(f"content {event['id']}")
        if chain[event["seal"]]["digests"][event["position"]] != event["digest"]:
            found.append(f"seal of {event['id']}")
    return found


@pytest.mark.requirement("O11", "A5")
def test_it_tells_the_whole_story_and_a_stranger_can_check_it(
    a: Builders, ada: User, story: Conversation, client: Client
) -> None:
    # given others' events before, between and after
    assert ada.company
    a.conversation(team=[ada], sms="opted in")
    sealing.seal(ada.company.pk, now=timezone.now())
    a.consent(ada.company, "+14155550199", "invited")
    # when
    told = proof(client, ada, story)
    # then
    [sms] = told["channels"]
    kinds = [event["kind"] for event in sms["events"]]
    assert kinds == ["first consent", "invited", "opted in", "opted out"]
    assert (sms["standing"], told["address"], told["exported_by"]) == ("opted out", story.person.phone, "Ada Novák")
    last = sms["events"][-1]
    assert (last["words"], last["source"], last["by"]["name"]) == (ASKS, "user", "Ada Novák")
    around = [message["words"] for message in last["messages_around"]]
    assert around == ["Yes", "Are you free on Thursday?", ASKS]
    assert [request["outcome"] for request in told["requests_to_stop"]] == ["opted out"]
    assert flaws(told) == []
    # and of other people nothing but digests
    assert "+14155550199" not in json.dumps(told)
    # and the trail tells of it, without the number
    entry = AuditEntry.objects.get(company=ada.company, action=AuditAction.EXPORTED)
    assert entry.by == ada
    assert story.person.phone not in entry.words


@pytest.mark.requirement("O11")
@pytest.mark.parametrize("what", ["words", "at", "content", "address", "digest", "root", "link", "signature"])
def test_who_forges_the_file_is_found(ada: User, story: Conversation, client: Client, what: str) -> None:
    told = proof(client, ada, story)
    event, seal = told["channels"][0]["events"][2], told["chain"][0]
    match what:
        case "words" | "at":
            event[what] = "2020-01-01T00:00:00+00:00"
        case "content":
            event["content"] = event["content"].replace("Yes", "No!")
        case "address":
            told["address"] = "+14155550100"
        case "digest":
            event["digest"] = hashlib.sha256(b"other").hexdigest()
        case "root" | "link":
            seal[what] = hashlib.sha256(b"other").hexdigest()
        case "signature":
            seal["signature"] = base64.b64encode(bytes(64)).decode()
    assert flaws(told)


@pytest.mark.requirement("O11")
def test_an_erased_event_still_verifies_and_a_changed_one_says_so(
    ada: User, story: Conversation, client: Client
) -> None:
    # given a ledger that was sealed
    proof(client, ada, story)
    first, second = ConsentEvent.objects.filter(consent=steps.consent_of(story)).order_by("pk")[:2]
    # when one event was erased and another one changed, by who owns the tables
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE candidates_consentevent DISABLE TRIGGER USER")
        erase = "UPDATE candidates_consentevent SET words = '', details = '{}', salt = '' WHERE id = %s"
        cursor.execute(erase, [first.pk])
        cursor.execute("UPDATE candidates_consentevent SET words = 'never said' WHERE id = %s", [second.pk])
        cursor.execute("ALTER TABLE candidates_consentevent ENABLE TRIGGER USER")
    # then
    told = proof(client, ada, story)
    states = [event["state"] for event in told["channels"][0]["events"]]
    assert states[:3] == ["erased", "changed", "as written"]
    assert flaws(told) == [f"content {second.pk}"]
    text = text_of(exported(client, ada, steps.consent_of(story), "pdf").content)
    assert "CHANGED SINCE IT WAS WRITTEN" in text
    assert "was erased" in text


def text_of(pdf: bytes) -> str:
    """What a reader copies out of it, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.requirement("O11")
def test_the_pdf_says_the_same_in_every_script_that_it_can_print(
    ada: User, story: Conversation, client: Client
) -> None:
    # when
    response = exported(client, ada, steps.consent_of(story), "pdf")
    # then
    text = text_of(response.content)
    for words in (
        "Proof of consent for +1 415",
        "SMS: Opted out",
        "“Yes”",
        "Ada Novák",
        "Прошу… please stop texting me [U+1F64F] Zoë <b>",
        "Are you free on Thursday?",
        "How to check this",
        "Ed25519",
    ):
        assert words in text
    assert response["Content-Disposition"].startswith('attachment; filename="proof-of-consent-')
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert story.person.phone.lstrip("+") not in response["Content-Disposition"]


@pytest.mark.requirement("O11")
@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Ærøskøbing, Łódź, Ελλάδα, Київ", "Ærøskøbing, Łódź, Ελλάδα, Київ"),
        ("谢", "[U+8C22]"),
        ("🙂", "[U+1F642]"),
        ("a\nb", "a<br/>b"),
        ("<i>&", "&lt;i&gt;&amp;"),
    ],
)
def test_what_cannot_be_printed_stands_as_its_number(text: str, printed: str) -> None:
    assert shown(text) == printed


@pytest.mark.requirement("O11")
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("STOP, please", ["STOP, please"]),
        ("שלום (SMS)", ["(SMS) םולש"]),
        ("By שלום: ok", ["By םולש: ok"]),
        ("לא\nתודה", ["אל", "הדות"]),
        ("لا (SMS)", ["(SMS) \ufefb"]),
        ("שלום " * 51, [" ".join(["םולש"] * 17)] * 3),
    ],
)
def test_what_runs_from_right_to_left_stands_in_the_order_of_the_eye(text: str, lines: list[str]) -> None:
    """Line by line, for it is broken before it is turned round; Arabic letters are joined."""
    style = ParagraphStyle("any", fontName="Noto Sans", fontSize=11)
    printed_lines = [each.getPlainText(identify=True).strip() for each in printed(text.strip(), style)]
    assert printed_lines == lines


@pytest.mark.requirement("A5", "A4")
@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_only_the_companys_admin_gets_it(
    a: Builders, ada: User, story: Conversation, client: Client, kind: str
) -> None:
    consent = steps.consent_of(story)
    for stranger in (a.user(company=ada.company), a.user(is_company_admin=True), a.user()):
        assert exported(client, stranger, consent, kind).status_code == 404
    client.logout()
    assert client.post(reverse(f"consent-proof-{kind}", args=[consent.pk])).status_code == 401
    client.force_login(ada)
    assert client.get(reverse(f"consent-proof-{kind}", args=[consent.pk])).status_code == 405
    assert not AuditEntry.objects.filter(action=AuditAction.EXPORTED).exists()


@pytest.mark.requirement("A5", "A4")
def test_messages_of_a_team_that_the_admin_is_not_on_are_left_out(
    a: Builders, ada: User, story: Conversation, client: Client
) -> None:
    other = a.user(company=ada.company, name="Olu Ade", is_company_admin=True)
    told = proof(client, other, story)
    [sms] = told["channels"]
    assert sms["messages_withheld"] == 4
    assert all(event["messages_around"] == [] for event in sms["events"])
    assert told["requests_to_stop"][0]["words"] is None
    assert flaws(told) == []


@pytest.mark.requirement("O11", "A5")
def test_the_admin_finds_it_on_the_record_and_in_settings(
    a: Builders, ada: User, story: Conversation, client: Client
) -> None:
    event = steps.consent_of(story).events.filter(kind=EventKind.OPTED_IN).get()
    address = reverse("consent-proof-json", args=[event.consent_id])
    pages = [story.record.messages_url(), reverse("settings:candidates_consentevent_change", args=[event.pk])]
    client.force_login(ada)
    assert all(address in client.get(page).content.decode() for page in pages)
    maya = a.user(company=ada.company)
    story.record.group.team.add(maya)
    client.force_login(maya)
    assert address not in client.get(pages[0]).content.decode()


@pytest.mark.requirement("O11")
def test_beside_emails_the_record_shows_what_was_agreed_to_on_every_channel(a: Builders, client: Client) -> None:
    # given Anna, who opted in to SMS and agreed to WhatsApp
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    a.whatsapp_sender()
    chat = a.conversation(team=[maya])
    a.consent(chat.company, chat.person.phone, "first consent", channel="whatsapp")
    client.force_login(maya)
    for address in (chat.record.emails_url(), reverse("conversation", args=[chat.pk]) + "?on=email"):
        # when an email is being written
        page = client.get(address).content.decode()
        # then
        assert "Nothing was agreed to" not in page
        assert "Opted in, SMS" in page
        assert "Agreed to texts, WhatsApp" in page


@pytest.mark.requirement("O9", "A4")
def test_a_request_in_the_tray_is_in_it(a: Builders, ada: User, twilio: Twilio) -> None:
    # given a person who wrote to a number that has no conversation with her
    chat = a.conversation(team=[a.user(company=ada.company)])
    steps.our_number(chat)
    other = a.sender_number(chat.company)
    steps.says(twilio, chat, ASKS, to=other.number)
    # then the admin, who reads the tray, has her words in the proof, though he isn't on the team
    [request] = proof_of(chat.company_id, chat.person.phone, for_admin=ada)["requests_to_stop"]
    assert (request["words"], request["outcome"], request["message"]) == (ASKS, "open", None)

"""The demo's people, by the actions that everybody else uses; dated from now, and repeatable."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import seats
from accounts.models import Company, ConsentStyle, User
from candidates import consents, phone_numbers
from candidates.consent_rules import EventKind, Source
from candidates.models import Application, Candidate, Community, Consent, ConsentText, Job, Prospect, Purpose, Record
from candidates.public import consent_texts
from channels_email import addresses, requests
from channels_email.providers import Delivered
from channels_email.rules import answered_subject, first_subject
from channels_sms import routes, rules
from channels_sms.models import SenderNumber
from channels_whatsapp import templates
from channels_whatsapp.models import Template, TemplateState, WhatsAppSender
from channels_whatsapp.rules import USUAL_PACE
from inbox import channels, marks, notices, receiving, standing
from inbox.live import next_version
from inbox.models import Conversation, DeliveryAttempt, Direction, Kind, Message
from inbox.receiving import Inbound
from inbox.rules import RANKS, SHOWN_AS, AttemptStatus
from inbox.snippets.models import Audience, Snippet
from inbox.views import conversation_of
from smartmessage import seeding_mail

PASSWORD = "smartmessage-demo"


@dataclass(frozen=True)
class Person:
    """One of the demo's people: `says` is how far she got with SMS; `on_whatsapp`, whether she ticked that box. Her
    lines are of the channel that she is on; without a number, emails."""

    name: str
    phone: str
    record: str
    says: str = "nothing"
    lines: list[tuple[str, str]] = field(default_factory=list)
    also: str = ""
    on_whatsapp: bool = False


SHORT_CALL = (
    "Hi {first_name}, thank you for your interest in {job}. When would a short call suit you? {sender}, {company}"
)
DIRECTIONS = "Hi {first_name}, you find us in Berlin-Adlershof, Rudower Chaussee 17. Ring at Northwind, third floor."
DESCRIPTION = """Our grippers pick what other robots drop: a tomato, a light bulb, a bag of screws.

What you will do
- Own a family of machines, from the first sketch to the thousandth unit
- Test them for weeks, and write down what broke

How it goes
- A call of 20 minutes with Maya, who reads every application
- An answer within a week, with reasons"""

NORTHWIND = [
    Person("Anna Bauer", "+49 30 123487007", "Field Robotics Engineer", "form"),
    Person(
        "Marcus Hill",
        "+1 415 123 4567",
        "Field Robotics Engineer",
        "in",
        [
            ("out", "Thanks Marcus. Could we talk on Thursday at 10:00? https://meet.example.com/nw-field-robotics"),
            ("in", "Thursday works. Should I bring my portfolio?"),
            ("out", "Yes please, a few photos of the gripper project are plenty. See you then!"),
        ],
    ),
    Person("Elise Laurent", "+33 93 376 1346", "Field Robotics Engineer", "invited"),
    Person("Oskar Lind", "+46 7 1334 8475", "Field Robotics Engineer", "out"),
    Person(
        "Olivia Clarke",
        "+44 1632 960947",
        "Field Robotics Engineer",
        "in",
        [("in", "Hello, is the field role on site?"), ("out", "Three days a week in Bristol, the rest from home.")],
        also="Controls Technician",
    ),
    Person("Sophie Dekker", "+31 6 1234 5678", "Controls Technician", on_whatsapp=True),
    Person(
        "Liam Tremblay",
        "+1 613 555 0160",
        "Controls Technician",
        lines=[
            ("in", "Hi, is the position still open?"),
            ("out", "Northwind Robotics: Hi Liam, yes it is. Could we talk tomorrow?"),
        ],
        on_whatsapp=True,
    ),
    Person("Grace Turner", "", "Controls Technician", lines=seeding_mail.GRACE),
    Person("Jack Wilson", "0412-CALL-JACK", "Controls Technician"),
    Person("Chloe Martin", "+61 2 1234 5637", "Finance Analyst", "in"),
    Person("Felix Gruber", "+43 1 2345 6789", "Robotics Alumni", "in", [("in", "Servus! Is the meetup still on?")]),
    Person("Nina Huber", "+43 6 1234 5678", "Robotics Alumni"),
]


@transaction.atomic
def seed() -> bool:
    """Make the demo's companies and people. False: they are there already, and stay as they are."""
    if Company.objects.filter(name="Northwind Robotics").exists():
        return False
    User.objects.create_superuser("operator@platform.example", PASSWORD, name="Platform operator")
    shared = WhatsAppSender.objects.create(number="+14155550199", per_second=USUAL_PACE)
    Template.objects.create(
        sender=shared,
        language="en",
        body=templates.usual_words(),
        content_sid="HXdec0de00000000000000000000000001",
        state=TemplateState.APPROVED,
    )
    _northwind()
    _alder()
    _quill()
    return True


def _northwind() -> None:
    company = Company.objects.create(
        name="Northwind Robotics",
        time_zone="Europe/Berlin",
        country="DE",
        has_smartmessage=True,
        has_smartcrm=True,
        texts_by_sms=True,
        texts_by_whatsapp=True,
        consent_style=ConsentStyle.SEPARATED,
        seats_bought=4,
    )
    ada = _user(company, "admin@northwind.example", "Ada Novak", admin=True)
    maya = _user(company, "maya@northwind.example", "Maya Chen", seat=True)
    jonas = _user(company, "jonas@northwind.example", "Jonas Weber")
    priya = _user(company, "priya@northwind.example", "Priya Nair", seat=True)
    leo = _user(company, "leo@northwind.example", "Leo Martins", seat=True)
    _words(company)
    _numbers(company, "+14155550100", "+14155550101", "+447700900100", "+493023125000")
    groups: dict[str, Job | Community] = {}
    for title, team in (
        ("Field Robotics Engineer", [maya, jonas]),
        ("Controls Technician", [maya]),
        ("Finance Analyst", [priya]),
    ):
        groups[title] = Job.objects.create(
            company=company, title=title, location="Berlin, Adlershof", description=DESCRIPTION
        )
        groups[title].team.set(team)
    groups["Robotics Alumni"] = Community.objects.create(company=company, name="Robotics Alumni")
    groups["Robotics Alumni"].team.set([leo, maya])
    for author, audience, title, body in (
        (ada, Audience.COMPANY, "Short call", SHORT_CALL),
        (maya, Audience.PERSONAL, "How to find us", DIRECTIONS),
    ):
        Snippet.objects.create(company=company, author=author, audience=audience, title=title, body=body)
    authors = {"Finance Analyst": priya, "Robotics Alumni": leo}
    for days, person in enumerate(reversed(NORTHWIND), start=1):
        _person(company, groups, person, authors.get(person.record, maya), days=days)


def _alder() -> None:
    company = Company.objects.create(
        name="Alder Clinics",
        time_zone="America/New_York",
        has_smartmessage=True,
        texts_by_sms=True,
        consent_style=ConsentStyle.SINGLE,
        seats_bought=1,
    )
    _user(company, "admin@alder.example", "Avery Alder", admin=True)
    nora = _user(company, "nora@alder.example", "Nora Quinn", seat=True)
    _words(company)
    _numbers(company, "+16175550100")
    job = Job.objects.create(company=company, title="Ward Nurse")
    job.team.set([nora])
    _person(company, {job.title: job}, Person("Ruth Bell", "+1 617 555 0142", job.title, "form"), nora, days=2)


def _quill() -> None:
    company = Company.objects.create(name="Quill Books", time_zone="Europe/London", country="GB")
    _user(company, "admin@quill.example", "Quincy Quill", admin=True)
    sam = _user(company, "sam@quill.example", "Sam Okafor")
    job = Job.objects.create(company=company, title="Bookseller")
    job.team.set([sam])
    _person(company, {job.title: job}, Person("Ben Osei", "", job.title, lines=seeding_mail.BEN), sam, days=3)


def _user(company: Company, email: str, name: str, *, seat: bool = False, admin: bool = False) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name, company=company, is_company_admin=admin)
    if seat:
        seats.give(user, by=company.users.filter(is_company_admin=True).first())
    return user


def _words(company: Company) -> None:
    """The words beside the boxes were published before anybody agreed to them."""
    at = timezone.now() - timedelta(days=60)
    for purpose in consent_texts.purposes_of(company):
        words = consent_texts.DEFAULTS[purpose].format(company=company.name)
        ConsentText.objects.create(
            company=company, purpose=purpose, language="en", version=1, words=words, published_at=at
        )


def _numbers(company: Company, *numbers: str) -> None:
    for number in numbers:
        country = phone_numbers.country_of(number)
        SenderNumber.objects.create(
            company=company, number=number, country=country, per_second=rules.usual_pace(number, country=country)
        )


def _person(company: Company, groups: dict[str, "Job | Community"], person: Person, author: User, *, days: int) -> None:
    try:
        phone = phone_numbers.parse(person.phone).e164
    except phone_numbers.BadNumber:
        phone = ""
    email = f"{person.name.lower().replace(' ', '.')}@example.com"
    candidate = Candidate.objects.create(
        company=company, name=person.name, email=email, phone_typed=person.phone, phone=phone
    )
    records = [_record(candidate, groups[title], days=days) for title in (person.record, person.also) if title]
    conversations = [conversation_of(record) for record in records]
    if not person.phone:
        _letters(person, conversations[0], author)
    if person.on_whatsapp:
        _whatsapp(person, conversations[0], author, days=days)
    if person.says == "nothing":
        return
    consent = consents.locked(company_id=company.pk, channel="sms", address=phone)
    at = timezone.now() - timedelta(days=days)
    boxes = consent_texts.purposes_of(company)
    text = consent_texts.current(company, Purpose.SMS if Purpose.SMS in boxes else Purpose.SINGLE, "en")
    details = {"form": records[0].kind, "ip": "198.51.100.7", "language": "en"}
    consents.record(
        consent, EventKind.FIRST_CONSENT, words=text.words, text=text, source=Source.FORM, details=details, at=at
    )
    if person.says != "form":
        _text(person, conversations, author, consent.pk)


def _whatsapp(person: Person, conversation: Conversation, author: User, *, days: int) -> None:
    """The box on the form, and what was said within the last hour."""
    number = conversation.person.phone
    consent = consents.locked(company_id=conversation.company_id, channel="whatsapp", address=number)
    text = consent_texts.current(conversation.company, Purpose.WHATSAPP, "en")
    at = timezone.now() - timedelta(days=days)
    details = {"form": conversation.record.kind, "ip": "198.51.100.7", "language": "en"}
    consents.record(
        consent, EventKind.FIRST_CONSENT, words=text.words, text=text, source=Source.FORM, details=details, at=at
    )
    ours = WhatsAppSender.objects.get(company=None).number
    at = timezone.now() - timedelta(minutes=40)
    for direction, body in person.lines:
        if direction == "out":
            _sent(conversation, author, ours, body, at, channel="whatsapp")
        else:
            inbound = Inbound("whatsapp", number, ours, body, provider_id="", received_at=at)
            receiving.receive(conversation.pk, inbound, notice=None)
        at += timedelta(minutes=2)


def _letters(person: Person, conversation: Conversation, author: User) -> None:
    """A letter each half a day, the last one half a day ago."""
    at = timezone.now() - timedelta(hours=12) * len(person.lines)
    subject = first_subject(title=conversation.record.title, company=conversation.company.name)
    for direction, body in person.lines:
        if direction == "out":
            sender, handover = addresses.sender_address(), {"subject": subject}
            _sent(conversation, author, sender, body, at, channel="email", handover=handover)
        else:
            raw = seeding_mail.answer(conversation.person, body, subject=subject, at=at)
            requests.take_in_mail("mailgun", Delivered(raw, [addresses.reply_address(conversation)]), at=at)
            notices.mark_read(author, conversation.pk)
        subject, at = answered_subject(subject), at + timedelta(hours=12)


def _record(candidate: Candidate, group: "Job | Community", *, days: int) -> Record:
    since = timezone.now() - timedelta(days=days)
    if isinstance(group, Job):
        return Application.objects.create(candidate=candidate, job=group, since=since)
    return Prospect.objects.create(candidate=candidate, community=group, since=since)


def _text(person: Person, conversations: list[Conversation], author: User, consent_id: int) -> None:
    """The invitation, the answer, and a few lines; each conversation on its own sending number (Q6)."""
    at = timezone.now() - timedelta(minutes=90)
    for index, conversation in enumerate(conversations):
        route = routes.reserve(conversation, conversation.person.phone)
        assert route is not None
        at = _invitation(conversation, author, route.sender_number.number, consent_id, at) if not index else at
        if not index and person.says in {"in", "out"}:
            word, kind = ("Yes", EventKind.OPTED_IN) if person.says == "in" else ("STOP", EventKind.OPTED_OUT)
            at += timedelta(minutes=3)
            _answer(conversations, route.sender_number.number, word, kind, consent_id, at)
        for direction, body in person.lines if not index else []:
            at += timedelta(minutes=7)
            if direction == "out":
                _sent(conversation, author, route.sender_number.number, body, at)
            else:
                _received(conversation, route.sender_number.number, body, at)


def _invitation(conversation: Conversation, author: User, sender: str, consent_id: int, at: datetime) -> datetime:
    body = rules.invitation_text(company=conversation.company.name, about=conversation.record.title)
    message = _sent(conversation, author, sender, body, at, kind=Kind.INVITATION)
    consent = Consent.objects.select_for_update().get(pk=consent_id)
    details = {"message": message.pk, "our_number": sender}
    consents.record(consent, EventKind.INVITED, words=body, source=Source.USER, details=details, by_user=author, at=at)
    return at


def _answer(
    conversations: list[Conversation], number: str, word: str, kind: EventKind, consent_id: int, at: datetime
) -> None:
    consent = Consent.objects.select_for_update().get(pk=consent_id)
    details = {"our_number": number}
    event = consents.record(consent, kind, words=word, source=Source.MESSAGE, details=details, at=at)
    _received(conversations[0], number, word, at)
    ids = [conversation.pk for conversation in conversations]
    receiving.announce_consent(event, channel="sms", conversation_ids=ids, heard_in=ids[0])


def _received(conversation: Conversation, number: str, body: str, at: datetime) -> None:
    inbound = Inbound("sms", conversation.person.phone, number, body, provider_id="", received_at=at)
    receiving.receive(conversation.pk, inbound, notice=None)


def _sent(
    conversation: Conversation,
    author: User,
    sender: str,
    body: str,
    at: datetime,
    *,
    kind: Kind = Kind.TEXT,
    channel: str = "sms",
    handover: dict[str, str] | None = None,
) -> Message:
    version = next_version(conversation.pk)
    status = AttemptStatus.SENT if channel == "email" else AttemptStatus.DELIVERED
    message = Message.objects.create(
        conversation=conversation,
        channel=channel,
        direction=Direction.OUT,
        kind=kind,
        author=author,
        body=body,
        sender=sender,
        handover=handover or {},
        recipient=channels.get(channel).address(conversation),
        status=SHOWN_AS[status],
        created_at=at,
        created_version=version,
        version=version,
    )
    DeliveryAttempt.objects.create(
        message=message,
        status=status,
        rank=RANKS[status],
        claimed_at=at,
        lease_until=at,
        answered_at=at,
    )
    standing.note_sent(message)
    marks.took_part(author, conversation.pk)
    return message

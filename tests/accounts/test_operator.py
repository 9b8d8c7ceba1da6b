"""The platform operator: a customer is set up on one page, and what can't be is said there (Q3, Q9, I7, I8)."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import AuditAction, Company, OutgoingMail, User
from candidates.models import ConsentEvent
from channels_email.models import BouncedAddress, MailRequest, RequestKind
from channels_sms.models import SenderNumber
from inbox.models import UnmatchedReply
from tests import steps
from tests.builders import Builders, new_number
from twilio_gateway.models import WebhookKind, WebhookRequest

ADD = "/admin/accounts/company/add/"


@pytest.fixture
def operator(db: None, client: Client) -> User:
    operator = User.objects.create_superuser("operator@example.com", "operator-password", name="Olga Operator")
    client.force_login(operator)
    return operator


def set_up(*numbers: tuple[str, str], company: Company | None = None, **typed: Any) -> dict[str, Any]:
    """The form of a company as the operator types it; `numbers` with their wishes."""
    known: dict[str, Any] = {
        "name": "Larch Logistics",
        "time_zone": "Europe/Vienna",
        "country": "AT",
        "first_language": "de",
        "other_languages": ["en"],
        "privacy_policy_url": "larch.example/privacy",
        "has_smartrecruit": "on",
        "has_smartmessage": "on",
        "texts_by_sms": "on",
        "consent_style": "separated",
        "seats_bought": "3",
        "first_admin_name": "Lara Larch",
        "first_admin_email": "Lara@larch.example",
    }
    pool = list(company.sender_numbers.order_by("pk")) if company else []
    rows = [*((str(number), number.wish, number.pk) for number in pool), *((*number, "") for number in numbers)]
    pool_form: dict[str, Any] = {
        "sender_numbers-TOTAL_FORMS": len(rows),
        "sender_numbers-INITIAL_FORMS": len(pool),
    }
    for index, (number, wish, pk) in enumerate(rows):
        prefix = f"sender_numbers-{index}-"
        pool_form |= {f"{prefix}number": number, f"{prefix}wish": wish, f"{prefix}id": pk}
        pool_form[f"{prefix}company"] = company.pk if company else ""
    return {key: value for key, value in {**known, **pool_form, **typed}.items() if value is not None}


def change(company: Company) -> str:
    return f"/admin/accounts/company/{company.pk}/change/"


@pytest.mark.requirement("Q9", "Q3", "P1")
def test_a_customer_is_set_up_on_one_page(operator: User, client: Client) -> None:
    # when
    answer = client.post(ADD, set_up(("+43 1 2345 6789", "Vienna"), ("+1 (415) 555-0133", "")), follow=True)
    # then
    company = Company.objects.get()
    assert (company.time_zone, company.country, company.languages) == ("Europe/Vienna", "AT", ["de", "en"])
    assert (company.has_smartmessage, company.has_smartcrm, company.seats_bought) == (True, False, 3)
    assert company.privacy_policy_url == "https://larch.example/privacy"
    numbers = company.sender_numbers.order_by("number").values_list("number", "country", "wish")
    assert list(numbers) == [("+14155550133", "US", ""), ("+43123456789", "AT", "Vienna")]
    # and its first admin is invited
    lara = User.objects.get(company=company)
    assert (lara.email, lara.name, lara.is_company_admin) == ("lara@larch.example", "Lara Larch", True)
    assert OutgoingMail.objects.filter(to="lara@larch.example").count() == 1
    actions = company.audit_entries.values_list("action", "words")
    assert set(actions) == {
        (AuditAction.COMPANY_CHANGED, "new"),
        (AuditAction.USER_INVITED, ""),
        (AuditAction.NUMBER_CHANGED, "Austria, added"),
        (AuditAction.NUMBER_CHANGED, "United States, added"),
    }
    assert "isn't" not in answer.content.decode()


@pytest.mark.requirement("Q9")
def test_a_number_of_another_country_is_taken_with_a_warning(operator: User, client: Client) -> None:
    html = client.post(ADD, set_up(("+81 3 1234 5678", "")), follow=True).content.decode()
    assert SenderNumber.objects.get().country == "JP"
    assert "+81 3 1234 5678 is from Japan. Numbers are offered in United States, Canada, Great Britain, France" in html


@pytest.mark.requirement("O2")
def test_who_sells_whatsapp_with_a_single_box_is_told(operator: User, client: Client) -> None:
    typed = set_up(consent_style="single", texts_by_whatsapp="on")
    assert "The single box can&#x27;t give WhatsApp consent." in client.post(ADD, typed, follow=True).content.decode()


@pytest.mark.requirement("I7", "Q9")
def test_a_number_belongs_to_one_company(a: Builders, operator: User, client: Client) -> None:
    taken = a.company().sender_numbers.get().number
    for number, sentence in (
        (taken, "This number belongs to a company already."),
        ("0664 12345", "The international code is missing."),
        ("+43 CALL US", "contains the letter"),
    ):
        html = client.post(ADD, set_up((number, "as wished"))).content.decode()
        assert sentence in html
        assert 'value="as wished"' in html, "what was typed stays"
    assert not Company.objects.filter(name="Larch Logistics").exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.requirement("I7")
def test_a_number_with_conversations_stays(a: Builders, operator: User, client: Client) -> None:
    # given a number that a conversation keeps, and one that none does
    maya = a.user()
    company = maya.company
    assert company
    steps.our_number(a.conversation(team=[maya]))
    kept = company.sender_numbers.get()
    typed = set_up(company=company, name=company.name, first_admin_name=None, first_admin_email=None, seats_bought="9")
    # then it is neither changed nor removed, and nothing else of the form is stored
    for wanted in ({"sender_numbers-0-DELETE": "on"}, {"sender_numbers-0-number": new_number()}):
        html = client.post(change(company), {**typed, **wanted}).content.decode()
        assert "This number has conversations, so it stays as it is, with its company." in html
    company.refresh_from_db()
    assert company.seats_bought == 50
    assert company.sender_numbers.get() == kept
    with pytest.raises(IntegrityError), transaction.atomic():
        SenderNumber.objects.filter(pk=kept.pk).update(company=a.company(sender_countries=()))
    # but its wish may change, and another number come and go
    client.post(change(company), {**typed, "sender_numbers-0-wish": "San Francisco"})
    assert company.sender_numbers.get().wish == "San Francisco"
    spare = a.sender_number(company)
    two = set_up(company=company, name=company.name, first_admin_name=None, first_admin_email=None)
    client.post(change(company), {**two, "sender_numbers-1-DELETE": "on"})
    assert not SenderNumber.objects.filter(pk=spare.pk).exists()


@pytest.mark.requirement("I8", "S2")
def test_seats_bought_never_fall_below_seats_in_use(a: Builders, operator: User, client: Client) -> None:
    maya = a.user(company=a.company(sender_countries=()))
    a.user(company=maya.company)
    company = maya.company
    assert company
    typed = set_up(company=company, name=company.name, first_admin_name=None, first_admin_email=None)
    html = client.post(change(company), {**typed, "seats_bought": "1", "has_smartcrm": "on"}).content.decode()
    assert "Not saved: 2 seats are in use." in html
    company.refresh_from_db()
    assert (company.seats_bought, company.has_smartcrm) == (50, False)
    client.post(change(company), {**typed, "seats_bought": "2"})
    company.refresh_from_db()
    assert (company.seats_bought, company.seats_in_use) == (2, 2)


@pytest.mark.requirement("Q3", "F2")
def test_a_switch_holds_at_once_and_open_pages_hear_of_it(
    a: Builders, operator: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: set[int] = set()
    monkeypatch.setattr("accounts.changes._listeners", [lambda ids: heard.update(ids)])
    maya = a.user(company=a.company(sender_countries=(), has_smartcrm=True))
    company = maya.company
    assert company
    typed = set_up(company=company, name=company.name, first_admin_name=None, first_admin_email=None)
    client.post(change(company), typed)
    company.refresh_from_db()
    assert not company.has_smartcrm
    assert heard == {maya.pk}
    newest = company.audit_entries.first()
    assert newest
    assert newest.by == operator
    assert "SmartCRM: off" in newest.words


@pytest.mark.requirement("S4")
def test_the_operator_makes_and_closes_accounts_by_the_same_actions(
    a: Builders, operator: User, client: Client
) -> None:
    company = a.company()
    maya = a.user(company=company)
    users = "/admin/accounts/user/"
    typed = {"company": company.pk, "name": "Nils New", "email": "nils@example.com"}
    client.post(f"{users}add/", typed)
    nils = User.objects.get(email="nils@example.com")
    assert not nils.has_usable_password()
    assert OutgoingMail.objects.get().to == "nils@example.com"
    again = client.post(f"{users}add/", {**typed, "email": maya.email})
    assert "User with this Email already exists." in again.content.decode()
    client.post(users, {"action": "deactivate", "index": "0", "_selected_action": [maya.pk, operator.pk]})
    maya.refresh_from_db()
    operator.refresh_from_db()
    assert (maya.is_active, maya.has_seat(), operator.is_active) == (False, False, True)
    newest = company.audit_entries.first()
    assert newest
    assert (newest.action, newest.by) == (AuditAction.USER_DEACTIVATED, operator)


def test_every_page_of_the_operator_answers(a: Builders, operator: User, client: Client) -> None:
    """List, search, form for a new row, a row, its history and its deletion: 200, or 403 where it isn't offered."""
    # given a row of each kind
    maya = a.user()
    chat = a.conversation(team=[maya])
    UnmatchedReply.objects.create(channel="sms", sender="+1", recipient="+1", provider_id="SMx", company=maya.company)
    WebhookRequest.objects.create(kind=WebhookKind.SMS, key="x", parameters={}, raw=b"")
    MailRequest.objects.create(kind=RequestKind.MAIL, provider="mailgun", key="x", raw=b"\xff\0", size=2)
    BouncedAddress.objects.create(company=chat.company, address="x@example.com", code=5_001_001)
    client.post(ADD, set_up(("+43 1 2345 6789", "")))
    a.whatsapp_sender()
    assert ConsentEvent.objects.exists()
    assert chat.pk
    assert {model._meta.app_label for model in admin.site._registry} <= {
        "accounts",
        "candidates",
        "inbox",
        "channels_sms",
        "channels_whatsapp",
        "channels_email",
        "twilio_gateway",
    }
    assert client.get("/admin/").status_code == 200
    for model, page in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = page.get_queryset(client.get("/admin/").wsgi_request).first()
        offered = {
            "changelist": [],
            "add": [],
            "change": [row.pk] if row else None,
            "history": [row.pk] if row else None,
            "delete": [row.pk] if row else None,
        }
        for name, arguments in offered.items():
            if arguments is None:
                continue
            try:
                path = reverse(f"{base}_{name}", args=arguments)
            except NoReverseMatch:
                continue
            request = client.get("/admin/").wsgi_request
            may = {"add": page.has_add_permission(request), "delete": page.has_delete_permission(request, row)}
            assert client.get(path).status_code == (200 if may.get(name, True) else 403), path
        assert client.get(reverse(f"{base}_changelist"), {"q": "x"}).status_code in {200, 302}


@pytest.mark.requirement("A4")
def test_nobody_else_finds_the_operators_pages(a: Builders, client: Client) -> None:
    for path in ("/admin/", ADD, "/admin/accounts/user/"):
        client.logout()
        assert client.get(path).headers["location"].startswith("/login/")
        for user in (a.user(), a.user(is_company_admin=True)):
            client.force_login(user)
            assert client.get(path).status_code == client.post(path).status_code == 404

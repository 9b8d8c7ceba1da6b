"""Invitations: an account from an admin, a single-use link by mail, a password, and in (S4)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import invitations, mail, tokens, users
from accounts.models import AuditAction, AuditEntry, OutgoingMail, User
from accounts.users import EmailTaken
from tests.builders import Builders

NEW = "three plain words"


def link_in(user: User) -> str:
    """The path of the link in the newest mail to somebody."""
    body = OutgoingMail.objects.filter(to=user.email).latest("pk").body
    found = re.search(rf"^{re.escape(settings.PUBLIC_BASE_URL)}(/login/link/\S+)$", body, re.M)
    assert found is not None, body
    return found[1]


def choose(client: Client, path: str, password: str = NEW) -> int:
    """Follow the link and choose a password; the status of the last answer."""
    page = client.get(path)
    if page.status_code != 302:
        return page.status_code
    return client.post(page["Location"], {"password1": password, "password2": password}).status_code


def is_in(client: Client) -> bool:
    return client.get(reverse("home")).status_code == 200


def test_who_is_invited_chooses_a_password_and_is_in(a: Builders, client: Client) -> None:
    # given an admin who invites Priya
    ada = a.user(name="Ada Novak", is_company_admin=True, seat=False)
    assert ada.company is not None
    priya = invitations.invite(
        ada.company, email=" Priya@New.Example ", name="Priya O'Nair", is_company_admin=False, by=ada
    )
    # then the mail says who, where and until when, and leads to our own address
    body = OutgoingMail.objects.get(to="priya@new.example").body
    assert f"Ada Novak invites you to SmartMessage, where {ada.company.name} texts with candidates." in body
    assert "Hello Priya," in body
    until = timezone.now() + timedelta(days=3)
    assert f"until {until:%A}" in body
    # and the audit trail tells of it
    entry = AuditEntry.objects.get(about=priya, action=AuditAction.USER_INVITED)
    assert entry.by == ada
    # when she follows the link, then she is welcomed, and with a password she is in
    page = client.get(client.get(link_in(priya))["Location"]).content.decode()
    assert "Welcome to SmartMessage, choose a password" in page
    assert choose(client, link_in(priya)) == 302
    assert is_in(client)
    # and nobody is written to about a changed password, which is her first
    assert OutgoingMail.objects.filter(to=priya.email).count() == 1


def test_a_link_works_once_and_says_so(a: Builders, client: Client) -> None:
    company = a.company()
    priya = invitations.invite(company, email="priya@new.example", name="Priya Nair", is_company_admin=False, by=None)
    path = link_in(priya)
    choose(client, path)
    for browser in (client, Client()):
        page = browser.get(path)
        assert page.status_code == 200
        assert "This link doesn't work any more" in page.content.decode()
        assert reverse("account_reset_password") in page.content.decode()


@pytest.mark.parametrize("ended_by", ["three days", "another email", "deactivation", "another key", "another user"])
def test_a_link_ends(a: Builders, client: Client, monkeypatch: pytest.MonkeyPatch, ended_by: str) -> None:
    ada = a.user(is_company_admin=True)
    assert ada.company is not None
    priya = invitations.invite(ada.company, email="priya@new.example", name="P N", is_company_admin=False, by=ada)
    path = link_in(priya)
    match ended_by:
        case "three days":
            later = tokens.LinkTokens()._now() + timedelta(days=3, seconds=1)
            monkeypatch.setattr(tokens.LinkTokens, "_now", lambda _self: later)
        case "another email":
            users.change(priya, name="P N", email="other@new.example", is_company_admin=False, has_seat=None, by=ada)
        case "deactivation":
            users.deactivate(priya, by=ada)
            users.reactivate(priya, by=ada)
        case "another key":
            path = path[:-2] + ("a/" if path[-2] != "a" else "b/")
        case "another user":
            gus = invitations.invite(ada.company, email="gus@new.example", name="G", is_company_admin=False, by=ada)
            path = link_in(gus).split("-")[0] + "-" + path.split("-", 1)[1]
    assert choose(client, path) == 200
    assert not is_in(client)


def test_a_short_or_common_password_is_refused_and_the_link_stays_good(a: Builders, client: Client) -> None:
    priya = invitations.invite(a.company(), email="priya@new.example", name="P", is_company_admin=False, by=None)
    for weak in ("elevenchars", "qwerty123456"):
        assert choose(client, link_in(priya), weak) == 200
    assert choose(client, link_in(priya)) == 302
    assert is_in(client)


@pytest.mark.requirement("S4")
def test_an_email_has_one_account_and_whose_it_is_nobody_learns(a: Builders) -> None:
    # given somebody at our company, somebody at another, one who was deactivated, and the operator
    company = a.company()
    colleague, stranger, former = a.user(company=company), a.user(), a.user(is_active=False)
    operator = User.objects.create_superuser("boss@platform.example", None, name="Boss")
    words = set()
    for user in (colleague, stranger, former, operator):
        with pytest.raises(EmailTaken) as refused:
            invitations.invite(company, email=user.email.upper(), name="X", is_company_admin=False, by=colleague)
        words.add(str(refused.value))
    # then the answer is the same, and nothing was made or mailed
    assert words == {"There is already an account with this email."}
    assert not OutgoingMail.objects.exists()
    assert not AuditEntry.objects.filter(action=AuditAction.USER_INVITED).exists()


def test_the_invitation_is_sent_again_until_she_has_come_in(a: Builders, client: Client) -> None:
    ada = a.user(is_company_admin=True)
    assert ada.company is not None
    priya = invitations.invite(ada.company, email="priya@new.example", name="P N", is_company_admin=False, by=ada)
    first = link_in(priya)
    invitations.send_again(priya, by=ada)
    assert OutgoingMail.objects.filter(to=priya.email).count() == 2
    # when she uses one of the links, then the other is void, and there is no third
    choose(client, link_in(priya))
    assert choose(Client(), first) == 200
    priya.refresh_from_db()
    with pytest.raises(invitations.NotInvited):
        invitations.send_again(priya, by=ada)


def test_the_link_is_forgotten_once_the_mail_is_out(a: Builders) -> None:
    priya = invitations.invite(a.company(), email="priya@new.example", name="P", is_company_admin=False, by=None)
    waiting = OutgoingMail.objects.get(to=priya.email)
    mail.send(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.sent_at is not None, waiting.body) == (True, "")

"""Addresses and message ids that lead back to a conversation, and can't be guessed (I7)."""

import re
from collections.abc import Iterable
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings

from channels_email.models import ReplyAddress
from inbox.models import Conversation, DeliveryAttempt

TOKEN = re.compile(r"r-([a-z2-7]{32})", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>\s]+>", re.IGNORECASE)


def sender_address() -> str:
    """What companies' mail is from: an address of the domain that our mail servers may send for (SPF, DKIM, DMARC)."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def reply_address(conversation: Conversation) -> str:
    """The conversation's own address, the same for good; empty where no inbound mail is set up."""
    if not settings.EMAIL_INBOUND_DOMAIN:
        return ""
    reply, _is_new = ReplyAddress.objects.get_or_create(conversation=conversation)
    return f"r-{reply.token}@{settings.EMAIL_INBOUND_DOMAIN}"


def conversations_of(addresses: Iterable[str]) -> list[int]:
    """The ids of the conversations whose reply address is among these, in order."""
    tokens = [token for each in addresses if (token := _token(each))]
    known = dict(ReplyAddress.objects.filter(token__in=tokens).values_list("token", "conversation_id"))
    return list(dict.fromkeys(known[token] for token in tokens if token in known))


def _token(address: str) -> str:
    """Of a reply address at our domain, whatever case a server on the way gave it; empty for other addresses."""
    person, _at, domain = address.strip("<> ").rpartition("@")
    found = TOKEN.fullmatch(person)
    is_ours = bool(settings.EMAIL_INBOUND_DOMAIN) and domain.lower() == settings.EMAIL_INBOUND_DOMAIN.lower()
    return found[1].lower() if found and is_ours else ""


def message_id(attempt: DeliveryAttempt) -> str:
    """The Message-ID of an attempt: its UUID, so that an answer or a returned mail that names it finds it."""
    return f"<{attempt.uuid}@{sender_address().rpartition('@')[2]}>"


def attempts_of(message_ids: Iterable[str]) -> list[DeliveryAttempt]:
    """The attempts of ours that these ids name, the last named first."""
    uuids = [UUID(found[1]) for each in message_ids if (found := MESSAGE_ID.fullmatch(each.strip()))]
    known = DeliveryAttempt.objects.select_related("message").filter(uuid__in=uuids, message__channel="email")
    by_uuid = {attempt.uuid: attempt for attempt in known}
    return [by_uuid[each] for each in reversed(uuids) if each in by_uuid]

"""The digest: an email to who was away, of what she hasn't read. Names and kinds, never what was written (N1).

"Away" is judged for each notice: she has looked at no page of ours since it came, and it is an hour old. Who has seen
the tray's count knows, and needs no mail.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core import signing
from django.db import transaction
from django.db.models import Min, Value
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from accounts import links, mail
from accounts.models import User
from candidates.models import Record
from inbox import tray
from inbox.models import Digest, Notice, NoticeKind, NoticeSettings

OLD_ENOUGH = timedelta(hours=1)
EVERY_MORNING_AT = 8  # o'clock, in the company's time
BATCH = 500


@dataclass(frozen=True)
class Part:
    """What a digest says of one conversation."""

    record: Record
    what: str
    url: str


def send_due(now: datetime) -> int:
    """For the sweeper: a digest to each user who is owed one now. Returns how many were posted."""
    waiting = Notice.objects.unread().filter(digested_at=None, at__lte=now - OLD_ENOUGH).values("user")
    each = waiting.annotate(
        oldest=Min("at"),
        rhythm=Coalesce("user__notice_settings__digest", Value(Digest.DAILY.value)),
        zone=Coalesce("user__company__time_zone", Value("UTC")),
    ).values_list("user", "oldest", "rhythm", "zone")
    due = [user for user, oldest, rhythm, zone in each if oldest <= _until(rhythm, ZoneInfo(zone), now)]
    return sum(_send(user, now) for user in due[:BATCH])


def last_time(rhythm: str, zone: ZoneInfo, now: datetime) -> datetime:
    """When a digest of this rhythm was last to go: at the full hour, or at 8:00 in the company's time. In UTC."""
    local = now.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    if rhythm != Digest.DAILY:
        return local.astimezone(UTC)
    at_eight = local.replace(hour=EVERY_MORNING_AT, fold=0)
    return (at_eight if local.hour >= EVERY_MORNING_AT else at_eight - timedelta(days=1)).astimezone(UTC)


def _until(rhythm: str, zone: ZoneInfo, now: datetime) -> datetime:
    """How old a notice must be for the digest that was last to go."""
    return last_time(rhythm, zone, now) - OLD_ENOUGH


def link_to_end(user: User) -> str:
    """Ends the digests of this user, without signing in (RFC 8058). It is good for nothing else, and doesn't age."""
    return links.absolute(reverse("digest-off", args=[_signer().sign(str(user.pk))]))


def reader_of(token: str) -> User | None:
    """Whose link it is; None for one that isn't ours."""
    try:
        return User.objects.filter(pk=int(_signer().unsign(token)), company__isnull=False).first()
    except signing.BadSignature:
        return None


def end(user: User) -> None:
    """No more digests."""
    NoticeSettings.objects.update_or_create(user=user, defaults={"digest": Digest.NEVER})


@transaction.atomic
def _send(user_id: int, now: datetime) -> bool:
    """One digest, if it is time: the mail's row and the notices' marks are one commit, so each is told once."""
    user = User.objects.select_related("company").get(pk=user_id)
    rhythm = tray.settings_of(user).digest
    zone = ZoneInfo(user.company.time_zone) if user.company else ZoneInfo("UTC")
    due = Notice.objects.unread().filter(user=user, digested_at=None, at__lte=_until(rhythm, zone, now))
    held = list(due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    told = list(_worth_telling(user, held)) if rhythm != Digest.NEVER else []
    Notice.objects.filter(pk__in=held).update(digested_at=now)
    if not told:
        return False
    _post(user, rhythm, told)
    return True


def _worth_telling(user: User, notice_ids: Iterable[int]) -> "Iterable[Notice]":
    """Of what she may still see, what came after she was last here."""
    found = Notice.objects.visible_to(user).filter(pk__in=notice_ids)
    if user.last_seen_at:
        found = found.filter(at__gt=user.last_seen_at)
    return found.select_related(
        "message",
        "conversation__application__candidate",
        "conversation__application__job",
        "conversation__prospect__candidate",
        "conversation__prospect__community",
    ).order_by("pk")


def _post(user: User, rhythm: str, notices: Sequence[Notice]) -> None:
    parts = _parts(notices)
    off = link_to_end(user)
    context = {
        "user": user,
        "parts": parts,
        "settings": links.absolute(reverse("notice-settings")),
        "off": off,
        "is_hourly": rhythm == Digest.HOURLY,
    }
    subject = ngettext("News in %(count)d conversation", "News in %(count)d conversations", len(parts))
    headers = {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    body = render_to_string("inbox/mail/digest.txt", context)
    mail.post(user.email, subject % {"count": len(parts)}, body, headers=headers)


def _parts(notices: Sequence[Notice]) -> list[Part]:
    """By conversation, the one with the newest news first."""
    by_conversation: dict[int, list[Notice]] = {}
    for notice in reversed(notices):
        by_conversation.setdefault(notice.conversation_id, []).append(notice)
    return [
        Part(found[0].conversation.record, _what(found), links.absolute(tray.Row(found[0]).url))
        for found in by_conversation.values()
    ]


def _what(notices: Sequence[Notice]) -> str:
    """What happened in a conversation: "2 replies, opted in"."""
    known = Counter(NoticeKind(notice.kind) for notice in notices)
    replies, failed = known.pop(NoticeKind.REPLY, 0), known.pop(NoticeKind.FAILED, 0)
    said = [str(kind.label) for kind in NoticeKind if kind in known]
    if replies:
        said.insert(0, ngettext("%(count)d reply", "%(count)d replies", replies) % {"count": replies})
    if failed:
        undelivered = ngettext("%(count)d message not delivered", "%(count)d messages not delivered", failed)
        said.append(undelivered % {"count": failed})
    return ", ".join(said)


def _signer() -> signing.Signer:
    return signing.Signer(salt="inbox.digests")

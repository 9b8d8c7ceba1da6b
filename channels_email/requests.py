"""Mail as it came: stored first, acted on in the same transaction, tried again until it was understood (ADR 4)."""

import logging
import traceback
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from channels_email import receiving, reports
from channels_email.models import MailRequest, RequestKind, RequestState
from channels_email.providers import PROVIDERS, Delivered
from channels_email.reading import Mail, read
from inbox.models import UnmatchedReply

logger = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(minutes=10)
MOST_TRIES_COUNTED = 32_767  # its column holds no more; it is tried for good all the same
KEPT_FOR = timedelta(days=30)  # words and files are kept for good elsewhere; this is for finding out what went wrong
BATCH = 100
INSERT = """
INSERT INTO channels_email_mailrequest
       (kind, provider, key, mail, recipients, raw, size, state, problem, tries, received_at)
VALUES (%s, %s, %s, %s, to_jsonb(%s::text[]), %s, %s, %s, %s, 1, %s) ON CONFLICT (key) DO NOTHING RETURNING id"""


def take_in_mail(provider: str, delivered: Delivered, *, at: datetime | None = None) -> bool:
    """Store a mail and act on it. `at`: when it came, None for now. False: it was there already, to the same
    recipients (I3)."""
    mail = _read(provider, delivered.raw)
    recipients = sorted({each.lower() for each in delivered.recipients})
    row = MailRequest(
        kind=RequestKind.MAIL,
        provider=provider,
        key=_digest(mail.fingerprint, *recipients),
        mail=_digest(mail.fingerprint)[:40],
        recipients=recipients,
        raw=delivered.raw,
        received_at=at or timezone.now(),
    )
    return _take_in(row, mail)


def take_in_report(provider: str, body: bytes) -> bool:
    """The same for a provider's report on mails of ours."""
    return _take_in(MailRequest(kind=RequestKind.REPORT, provider=provider, key=_digest(body), raw=body))


def keep_aside(provider: str, body: bytes, problem: str) -> None:
    """What is signed and can't be read as a mail is the operator's."""
    row = MailRequest(kind=RequestKind.MAIL, provider=provider, key=_digest(body), raw=body)
    row.state, row.problem = RequestState.ASIDE, problem
    with transaction.atomic():
        _is_new(row)


def try_failed_again(now: datetime) -> int:
    """A sweep: understand again what failed. Returns how many were tried."""
    failed = MailRequest.objects.filter(state=RequestState.FAILED)
    ids = list(failed.filter(try_again_at__lte=now).values_list("pk", flat=True)[:BATCH])
    for pk in ids:
        with transaction.atomic():
            row = failed.select_for_update(skip_locked=True).filter(pk=pk).first()
            if row:
                row.tries, row.state = min(row.tries + 1, MOST_TRIES_COUNTED), RequestState.DONE
                row.save(update_fields=["tries", "state"])
                _understand(row)
    return len(ids)


def let_go(now: datetime) -> int:
    """A sweep: empty what was understood long ago, unless it waits in a tray. Returns how many."""
    stray = UnmatchedReply.objects.filter(channel="email", attached_to=None, provider_id=OuterRef("mail"))
    old = MailRequest.objects.filter(state=RequestState.DONE, let_go_at=None, received_at__lt=now - KEPT_FOR)
    ids = list(old.exclude(Exists(stray)).order_by("received_at").values_list("pk", flat=True)[:BATCH])
    return MailRequest.objects.filter(pk__in=ids).update(raw=b"", let_go_at=now)


def mail_of(row: MailRequest) -> Mail:
    """What a stored mail says."""
    return _read(row.provider, bytes(row.raw))


def _take_in(row: MailRequest, mail: Mail | None = None) -> bool:
    with transaction.atomic():
        is_new = _is_new(row)
        if is_new:
            _understand(row, mail)
    return is_new


def _understand(row: MailRequest, mail: Mail | None = None) -> None:
    """Act on a stored request within a savepoint; what fails is marked and tried again by the sweeper."""
    try:
        with transaction.atomic():
            if row.kind == RequestKind.REPORT:
                reports.heed(PROVIDERS[row.provider], bytes(row.raw))
            else:
                receiving.take(row, mail or mail_of(row))
    except reports.Unreadable as why:
        row.state, row.problem = RequestState.ASIDE, str(why)
        row.save(update_fields=["state", "problem"])
    except Exception as error:  # whatever it is: the request is kept, and the answer is 200
        # without the error's own words: a database error quotes the row, and bodies and addresses stay out of logs
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("mail request %s was kept, its meaning failed: %s\n%s", row.pk, type(error).__name__, where)
        row.state, row.problem = RequestState.FAILED, type(error).__name__
        row.try_again_at = timezone.now() + min(timedelta(seconds=2 ** min(row.tries, 10)), LONGEST_PAUSE)
        row.save(update_fields=["state", "problem", "try_again_at"])


def _is_new(row: MailRequest) -> bool:
    """Insert the row unless its key is there; a repeat in parallel waits here for the first one's commit."""
    row.size = len(row.raw)
    values = [row.kind, row.provider, row.key, row.mail, row.recipients, row.raw, row.size, row.state, row.problem]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*values, row.received_at])
        inserted = cursor.fetchone()
    row.pk = inserted[0] if inserted else None
    return inserted is not None


def _read(provider: str, raw: bytes) -> Mail:
    return read(raw, trusted=PROVIDERS[provider].servers)


def _digest(*pieces: str | bytes) -> str:
    digest = sha256()
    for piece in pieces:
        data = piece.encode("utf-8", "replace") if isinstance(piece, str) else piece
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()

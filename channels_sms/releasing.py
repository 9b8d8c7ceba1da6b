"""Giving a route up, so that another conversation may use the pair; and where a pool is used up (Q6).

A route lives until an admin releases it, or for 180 days without a message on a closed record. A reply by it fits no
conversation from then on: it goes to the tray of unmatched replies (I7).
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts import audit
from accounts.models import AuditAction, Company, User
from channels_sms.models import Route
from inbox import receiving
from inbox.models import Conversation

UNUSED_FOR = timedelta(days=180)
BATCH = 500
MOST = 20  # phones that are named

CLOSED = (
    Q(conversation__application__job__closed_at__isnull=False)
    | Q(conversation__application__withdrawn_at__isnull=False)
    | Q(conversation__prospect__community__closed_at__isnull=False)
    | Q(conversation__prospect__withdrawn_at__isnull=False)
)

USED_UP = """
WITH pool AS (
    SELECT id FROM channels_sms_sendernumber WHERE company_id = %(company)s AND retired_at IS NULL
), full_phones AS (
    SELECT route.address, count(DISTINCT route.conversation_id) AS conversations
    FROM channels_sms_route route JOIN pool ON pool.id = route.sender_number_id
    WHERE route.released_at IS NULL
    GROUP BY route.address HAVING count(*) >= (SELECT count(*) FROM pool)
)
SELECT full_phones.address FROM full_phones
WHERE full_phones.conversations < (
    SELECT count(*) FROM candidates_candidate person
    LEFT JOIN candidates_application application ON application.candidate_id = person.id
    LEFT JOIN candidates_prospect prospect ON prospect.candidate_id = person.id
    WHERE person.company_id = %(company)s AND person.phone = full_phones.address
      AND (application.id IS NOT NULL OR prospect.id IS NOT NULL))
ORDER BY full_phones.address LIMIT %(most)s"""


@transaction.atomic
def release(route: Route, *, by: User) -> bool:
    """An admin gives a route up. False: it was released before."""
    conversation = Conversation.objects.locked().with_record().get(pk=route.conversation_id)
    if not Route.objects.filter(pk=route.pk, released_at=None).update(released_at=timezone.now()):
        return False
    audit.record(conversation.company_id, AuditAction.ROUTE_RELEASED, by=by, words=conversation.record.title)
    receiving.refresh_pages([conversation.pk])
    return True


def release_unused(now: datetime) -> int:
    """Give up what nobody used for long on closed records, batch by batch. Returns how many."""
    unused = Route.objects.filter(CLOSED, released_at=None).annotate(
        used_at=Greatest(Coalesce("conversation__last_message_at", F("made_at")), F("made_at"))
    )
    ids = list(unused.filter(used_at__lt=now - UNUSED_FOR).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return Route.objects.filter(pk__in=ids, released_at=None).update(released_at=now)


def used_up(company: Company) -> list[str]:
    """Phones whose people have a record more than the pool has numbers for; each number texts them elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(USED_UP, {"company": company.pk, "most": MOST})
        return [phone for (phone,) in cursor.fetchall()]

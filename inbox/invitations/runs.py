"""A run of invitations: each person is a row, judged anew and invited once, whoever dies in between (I1).

A row and its invitation are one transaction, and the row's token is the message's: nothing is sent twice.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts import work
from accounts.models import User
from inbox import sending, worker
from inbox.models import Conversation, InvitationRun, InvitationRunItem, Message
from inbox.outcomes import Reason, Refused, Sent

BATCH = 100
State = InvitationRunItem.State


@transaction.atomic
def start(conversations: Sequence[Conversation], *, by: User, channel_key: str, token: UUID) -> InvitationRun:
    """Have these people invited. The same token again is the same run."""
    assert by.company_id is not None
    run, is_new = InvitationRun.objects.get_or_create(
        token=token, defaults={"company_id": by.company_id, "user": by, "channel": channel_key}
    )
    if run.user_id != by.pk:
        raise Http404
    if is_new:
        items = [InvitationRunItem(run=run, conversation=conversation) for conversation in conversations]
        InvitationRunItem.objects.bulk_create(items)
        work.ask(worker.INVITE, run.pk)
    return run


def visible_items(run: InvitationRun, user: User) -> "QuerySet[InvitationRunItem]":
    """The run's people whose team the user is still on (A4)."""
    visible = Conversation.objects.visible_to(user).values("pk")
    return run.items.filter(conversation__in=visible).order_by("pk")


def invite(run_id: int) -> None:
    """Invite who is still waiting. Call it as often as you like, from as many workers."""
    while invite_next(run_id):
        InvitationRun.objects.filter(pk=run_id).update(asked_at=timezone.now())
    waiting = InvitationRunItem.objects.filter(run=OuterRef("pk"), state=State.WAITING)
    unfinished = InvitationRun.objects.filter(~Exists(waiting), pk=run_id, finished_at=None)
    unfinished.update(finished_at=timezone.now())


@transaction.atomic
def invite_next(run_id: int) -> bool:
    """Judge the next person as of now, and invite or skip. False: nobody waits but for other workers."""
    waiting = InvitationRunItem.objects.filter(run_id=run_id, state=State.WAITING).select_related("run__user")
    item = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk").first()
    if item is None:
        return False
    run = item.run
    outcome = sending.send_invitation(
        conversation_id=item.conversation_id,
        author=run.user,
        channel_key=run.channel,
        client_token=item.token,
        unless_invited_since=run.made_at,
    )
    item.state = State.INVITED if isinstance(outcome, Sent) else State.SKIPPED
    item.reason = "" if isinstance(outcome, Sent) else Truncator(_why(item, outcome)).chars(255)
    item.save(update_fields=["state", "reason"])
    return True


def ask_for_waiting_runs(now: datetime) -> int:
    """For the sweeper: runs that no worker goes on with. Returns how many were asked for."""
    waiting = InvitationRun.objects.filter(finished_at=None, asked_at__lte=now - settings.ASK_AGAIN_AFTER)
    ids = list(waiting.order_by("asked_at").values_list("pk", flat=True)[:BATCH])
    InvitationRun.objects.filter(pk__in=ids).update(asked_at=now)
    for run_id in ids:
        work.ask(worker.INVITE, run_id)
    return len(ids)


def _why(item: InvitationRunItem, refused: Refused) -> str:
    """The refusal's sentence; of who has just been invited on another record, which one it was."""
    if refused.reason == Reason.INVITED and (title := next(_invited_through(item), "")):
        return _("Invited a moment ago through %(title)s. One invitation is enough.") % {"title": title}
    return refused.sentence or _("Not invited: %(reason)s") % {"reason": refused.reason.label}


def _invited_through(item: InvitationRunItem) -> Iterator[str]:
    """The jobs and communities through which this run has invited the same phone."""
    tokens = item.run.items.filter(state=State.INVITED).values("token")
    phone = Conversation.objects.with_record().get(pk=item.conversation_id).person.phone
    sent = Message.objects.filter(author=item.run.user, client_token__in=tokens, recipient=phone)
    for message in sent.select_related("conversation__application__job", "conversation__prospect__community"):
        yield message.conversation.record.title

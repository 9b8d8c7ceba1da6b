"""Conversations and their messages; the attempts to hand a message over; drafts, notices and stray replies."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from candidates.models import Application, Candidate, ConsentEvent, Prospect, Record
from inbox.notes import models as _notes  # noqa: F401 - Django finds them from here
from inbox.outcomes import Reason
from inbox.querysets import (
    NOTES,
    TAKEN_BACK,
    AttemptQuerySet,
    ConversationQuerySet,
    HoldQuerySet,
    MessageQuerySet,
    NoticeQuerySet,
)
from inbox.rules import RANKS, AttemptStatus, Status
from inbox.snippets import models as _snippets  # noqa: F401 - Django finds them from here

RECENT = ["team_key", "-last_message_at", "-id"]  # how the Inbox lists the conversations of a team
RECENT_OF_ALL = ["company", "-last_message_at", "-id"]  # where a search for common words finds them soon


class Conversation(models.Model):
    """All messages of one record, over all channels (Q1).

    `version` grows by one with everything that a page would show differently; each changed message carries the
    version that changed it, so a page asks for what is newer than what it has.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="conversations")
    application = models.OneToOneField(Application, models.PROTECT, null=True, blank=True, related_name="conversation")
    prospect = models.OneToOneField(Prospect, models.PROTECT, null=True, blank=True, related_name="conversation")
    version = models.PositiveBigIntegerField(default=0)
    team_key = models.BigIntegerField(
        editable=False, help_text=_("Whose team reads it: the job's id, or minus the community's")
    )
    last_message = models.ForeignKey(
        "Message",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text=_("From or to the person"),
    )
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_channel = models.CharField(max_length=12, blank=True)
    last_sent = models.ForeignKey("Message", models.SET_NULL, null=True, blank=True, db_index=False, related_name="+")
    last_heard_channel = models.CharField(max_length=12, blank=True, help_text=_("That the person used last"))
    needs_reply = models.BooleanField(default=False, help_text=_("The person spoke last"))
    has_problem = models.BooleanField(default=False, help_text=_("The last message to the person did not arrive"))
    has_scheduled = models.BooleanField(
        default=False, db_default=False, help_text=_("A message waits for its time or for an answer, or was held back")
    )
    done_at = models.DateTimeField(null=True, blank=True, help_text=_("When the team was done with it"))
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+")

    paused_channels: list[str]  # these two, of who asked for it with its record
    company_has_holds: bool

    objects: ClassVar[ConversationQuerySet] = ConversationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="conversation_has_exactly_one_record",
                condition=Q(application=None, prospect__isnull=False) | Q(application__isnull=False, prospect=None),
            )
        ]
        indexes = [
            models.Index(fields=RECENT, condition=Q(last_message_at__isnull=False), name="list_of_all"),
            models.Index(fields=RECENT_OF_ALL, condition=Q(last_message_at__isnull=False), name="list_of_company"),
            models.Index(fields=RECENT, condition=Q(last_message_at__isnull=False, done_at=None), name="list_of_open"),
            models.Index(fields=RECENT, condition=Q(needs_reply=True, done_at=None), name="list_to_answer"),
            models.Index(fields=RECENT, condition=Q(has_problem=True), name="list_of_problems"),
            models.Index(fields=RECENT, condition=Q(has_scheduled=True), name="list_of_scheduled"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.team_key:
            self.team_key = self.record.team_key
        super().save(*args, **kwargs)

    @property
    def record(self) -> Record:
        record = self.application or self.prospect
        assert record is not None  # the database's own constraint
        return record

    @property
    def person(self) -> Candidate:
        return self.record.candidate


class Direction(models.TextChoices):
    IN = "in", _("from the person")
    OUT = "out", _("to the person")
    NOTE = "note", _("a note in the thread")


class Kind(models.TextChoices):
    TEXT = "text", _("Text")
    INVITATION = "invitation", _("Invitation")
    REACTION = "reaction", _("Reaction")
    AUTO_REPLY = "auto reply", _("Automatic reply")
    BOUNCE = "bounce", _("Returned mail")
    NOTE = "note", _("Note of a colleague")
    MOVED = "moved", _("Moved to another conversation")
    SENDER_CHANGED = "sender changed", _("Another sender")
    OPTED_IN = "opted in", _("Opted in")
    OPTED_OUT = "opted out", _("Opted out")
    TAKEN_BACK = TAKEN_BACK, _("Taken back by its author")
    HELD_BACK = "held back", _("Held back when its time came")
    PUT_OFF = "put off", _("Put off to a good hour when its turn came")


class Message(models.Model):
    """One row of a thread: a text in or out, or a note of what happened between texts (A1).

    queued ──claim──► sending ──► sent ──► delivered ──► read
       │                 ├──► failed ──(a person's Retry)──► queued
       ├──► canceled     └──► unknown ──(Send again)──► queued
       ├──(its author's Undo)──► a note that holds its place and its token, and is shown nowhere
       └──(a bad hour)──► a note that says so, and a scheduled message
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False, related_name="messages")
    channel = models.CharField(max_length=12)
    direction = models.CharField(max_length=4, choices=Direction)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.TEXT)
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="messages")
    body = models.TextField(blank=True)
    attachments = models.JSONField(default=list, blank=True, help_text=_("What came with it and can't be shown (Q7)"))
    handover = models.JSONField(default=dict, blank=True, help_text=_("What its channel hands over beside the body"))
    reply_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text=_("The message that it answers"),
    )
    is_guess = models.BooleanField(
        default=False, help_text=_("It named nothing that it answers; the last conversation got it (W5)")
    )
    sender = models.CharField(max_length=254, blank=True)
    recipient = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=10, choices=Status)
    refusal = models.CharField(
        max_length=20, choices=Reason, blank=True, help_text=_("Why it was canceled, or waits for a good hour")
    )
    client_token = models.UUIDField(null=True, blank=True)
    provider_id = models.CharField(max_length=40, blank=True, help_text=_("Of a text that came in"))
    moved_to = models.ForeignKey(
        Conversation,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text=_("Of a note that says so"),
    )
    consent_event = models.ForeignKey(
        ConsentEvent, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_version = models.PositiveBigIntegerField()
    version = models.PositiveBigIntegerField()
    due_at = models.DateTimeField(default=timezone.now, help_text=_("When a queued text may be handed over"))
    asked_at = models.DateTimeField(default=timezone.now, help_text=_("When a worker was last asked for it"))

    known_attempts: "list[DeliveryAttempt] | None" = None  # brought along with many others'

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="message_once_per_client_token",
                fields=["conversation", "author", "client_token"],
                condition=Q(client_token__isnull=False),
            ),
            models.UniqueConstraint(
                name="message_once_per_provider_id", fields=["provider_id"], condition=~Q(provider_id="")
            ),
            models.CheckConstraint(
                name="a_note_never_leaves",
                condition=~Q(direction=Direction.NOTE) | Q(status=Status.RECEIVED, recipient=""),
            ),
            models.CheckConstraint(
                name="a_colleagues_note_is_on_no_channel",
                condition=Q(kind=Kind.NOTE, channel=NOTES, direction=Direction.NOTE, author__isnull=False)
                | ~Q(kind=Kind.NOTE) & ~Q(channel=NOTES),
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "id"], name="thread_page"),
            models.Index(fields=["conversation", "version"], name="thread_since"),
            models.Index(fields=["asked_at"], condition=Q(status=Status.QUEUED), name="sweep_queued"),
            models.Index(fields=["channel", "sender"], condition=Q(status=Status.QUEUED), name="waiting_by_sender"),
            models.Index(fields=["conversation", "author"], condition=Q(direction=Direction.OUT), name="participants"),
            models.Index(fields=["author", "created_at"], condition=Q(author__isnull=False), name="written_by"),
            # What few messages have: PostgreSQL looks here before it lets go of what they refer to.
            models.Index(fields=["reply_to"], condition=Q(reply_to__isnull=False), name="answers_to"),
            models.Index(fields=["moved_to"], condition=Q(moved_to__isnull=False), name="moved_to"),
            models.Index(fields=["consent_event"], condition=Q(consent_event__isnull=False), name="of_consent_event"),
            models.Index(
                fields=["recipient", "created_at"], condition=Q(direction=Direction.OUT), name="sent_to_address"
            ),
            models.Index(
                fields=["conversation", "channel", "created_at"], condition=Q(direction=Direction.IN), name="last_heard"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.channel} {self.direction} {self.status}"

    @property
    def is_out(self) -> bool:
        return self.direction == Direction.OUT

    def all_attempts(self) -> "list[DeliveryAttempt]":
        return list(self.attempts.all()) if self.known_attempts is None else self.known_attempts

    def newest_attempt(self) -> "DeliveryAttempt | None":
        """The attempt whose state the message shows."""
        return max(self.all_attempts(), key=lambda attempt: attempt.pk, default=None)


class HoldOutcome(models.TextChoices):
    OPTED_OUT = "opted out", _("opted out")
    RELEASED = "released", _("read as no request to stop")
    LIFTED = "lifted", _("taken back by the person")
    ELSEWHERE = "elsewhere", _("meant for another company")


class OptOutHold(models.Model):
    """A text that reads like an opt-out: until somebody decides what it was, no text goes to that person (O9).

    It was said to the company. So it holds for `addresses`, all by which the channel knows the person, in whatever
    conversation of the company; and in its own conversation for every texting channel. While it lies in the tray of
    unmatched replies it has no message, and one text may hold for several companies.
    """

    message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="hold")
    reply = models.ForeignKey("UnmatchedReply", models.CASCADE, null=True, blank=True, related_name="holds")
    company = models.ForeignKey(Company, models.CASCADE, db_index=False, related_name="+")
    channel = models.CharField(max_length=12)
    addresses = ArrayField(models.CharField(max_length=254))
    phrase = models.TextField(help_text=_("The words that read like it, as they were written"))
    language = models.CharField(max_length=8)
    placed_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, choices=HoldOutcome, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", help_text=_("None: the person")
    )

    objects: ClassVar[HoldQuerySet] = HoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_hold_is_of_a_message_or_of_a_stray_reply",
                condition=Q(message=None, reply__isnull=False) | Q(message__isnull=False, reply=None),
            ),
            models.UniqueConstraint(name="one_hold_per_stray_reply_and_company", fields=["reply", "company"]),
            models.CheckConstraint(
                name="a_hold_has_an_outcome_once_it_is_resolved",
                condition=Q(outcome="", resolved_at=None) | (~Q(outcome="") & Q(resolved_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["company"], condition=Q(outcome=""), name="open_holds")]

    def __str__(self) -> str:
        return f"{self.pk} {self.outcome}"

    @property
    def said_at(self) -> datetime:
        if self.message:
            return self.message.created_at
        assert self.reply is not None  # the database's own constraint
        return self.reply.received_at


class DeliveryAttempt(models.Model):
    """One hand-over of a message. Ranks, callbacks and "at most once" hold per attempt (I1, I4)."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="attempts")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    status = models.CharField(max_length=12, choices=AttemptStatus, default=AttemptStatus.CLAIMED)
    rank = models.SmallIntegerField(default=RANKS[AttemptStatus.CLAIMED])
    provider_id = models.CharField(max_length=40, blank=True)
    error_code = models.IntegerField(null=True, blank=True)
    claimed_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    trace_at = models.DateTimeField(null=True, blank=True, help_text=_("When to look for it at the provider's"))
    given_up = models.BooleanField(default=False, help_text=_("No trace of it was found"))
    fetched_at = models.DateTimeField(null=True, blank=True, help_text=_("When it had been silent and was asked for"))

    objects: ClassVar[AttemptQuerySet] = AttemptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="attempt_once_per_provider_id", fields=["provider_id"], condition=~Q(provider_id="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"], condition=Q(status=AttemptStatus.CLAIMED), name="sweep_expired_leases"
            ),
            models.Index(fields=["trace_at"], condition=Q(status=AttemptStatus.UNKNOWN), name="sweep_unknown_attempts"),
            models.Index(
                fields=["answered_at"],
                condition=Q(status__in=("accepted", "queued", "sending", "sent"), fetched_at=None),
                name="sweep_silent_attempts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} {self.status}"


class StatusReport(models.Model):
    """A callback about an attempt, kept as it came; an unknown status is kept too, and not applied. So is our own word
    where no answer or no trace came (`rules.NO_ANSWER`), so that the history tells it for good."""

    attempt = models.ForeignKey(DeliveryAttempt, models.CASCADE, related_name="reports")
    status = models.CharField(max_length=40)
    error_code = models.IntegerField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "status", "error_code"], name="report_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.status}"


class ComposerDraft(models.Model):
    """What a user has typed and not sent, with the client token that makes a repeated click the same message."""

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="drafts")
    channel = models.CharField(max_length=12)
    subject = models.CharField(max_length=255, blank=True, help_text=_("Of an email"))
    body = models.TextField(blank=True)
    token = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "conversation", "channel"], name="one_draft_per_composer")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.conversation_id} {self.channel}"


class ConversationMark(models.Model):
    """What a conversation is to one user: unread, starred, put off until a time; and whether she took part."""

    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="marks")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="marks")
    is_unread = models.BooleanField(default=False)
    is_starred = models.BooleanField(default=False)
    took_part = models.BooleanField(default=False, help_text=_("Sent a message or an invitation"))
    snoozed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "conversation"], name="one_mark_per_user")]
        indexes = [
            models.Index(fields=["user", "conversation"], condition=Q(is_unread=True), name="unread_of_a_user"),
            models.Index(fields=["user", "conversation"], condition=Q(is_starred=True), name="starred_of_a_user"),
            models.Index(
                fields=["user", "snoozed_until", "conversation"],
                condition=Q(snoozed_until__isnull=False),
                name="snoozed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.conversation_id}"


class SearchDocument(models.Model):
    """The words of a conversation, as PostgreSQL finds them: who it is with, what it is about, what was written.

    Beside them stands whose it is (`company_token`), so that a search looks at no other company's.
    """

    conversation = models.OneToOneField(Conversation, models.CASCADE, primary_key=True, related_name="search_document")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="search_words")]

    def __str__(self) -> str:
        return f"{self.conversation_id}"


class NoticeKind(models.TextChoices):
    REPLY = "reply", _("replied")
    HELD = "held", _("may have asked to stop")
    ANSWERED = "answered", _("answered the invitation")
    OPTED_IN = "opted in", _("opted in")
    OPTED_OUT = "opted out", _("opted out")
    FAILED = "failed", _("was not delivered")
    MENTIONED = "mentioned", _("mentioned you")
    WENT_OUT = "went out", _("was sent what waited")
    HELD_BACK = "held back", _("was not sent what waited")
    PUT_OFF = "put off", _("waits for a good time")


class Notice(models.Model):
    """An alert in the Inbox tray for a user who took part and isn't looking (N1, N2)."""

    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="notices")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    message = models.ForeignKey(Message, models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    digested_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When a digest told of it, or had no need to any more")
    )

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "message", "kind"], name="one_notice_per_user_and_message")
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="tray"),
            models.Index(fields=["user", "conversation"], condition=Q(read_at=None), name="tray_unread"),
            models.Index(fields=["at"], condition=Q(read_at=None, digested_at=None), name="sweep_undigested"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class Digest(models.TextChoices):
    """How often news goes by email to who is away."""

    NEVER = "never", _("Never")
    HOURLY = "hourly", _("Every hour")
    DAILY = "daily", _("Every morning")


class NoticeSettings(models.Model):
    """How a user wants to hear of news, and to move about. Who has no row has the defaults."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="notice_settings")
    desktop = models.BooleanField(_("Show desktop notifications"), default=False)
    desktop_shows_text = models.BooleanField(_("With what was written"), default=False)
    digest = models.CharField(_("Email while you are away"), max_length=8, choices=Digest, default=Digest.DAILY)
    shortcuts = models.BooleanField(_("Keyboard shortcuts"), default=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class UnmatchedReply(models.Model):
    """A text that fits no conversation, kept where an admin finds it and can attach it (I7).

    Without a company it is the operator's: it was sent to a number that is no customer's.
    """

    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="unmatched_replies")
    channel = models.CharField(max_length=12)
    sender = models.CharField(max_length=254)
    recipient = models.CharField(max_length=254)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.TEXT)
    subject = models.CharField(max_length=500, blank=True, help_text=_("Of an email"))
    is_doubtful = models.BooleanField(default=False, help_text=_("The sender may be forged"))
    body = models.TextField(blank=True)
    attachments = models.JSONField(default=list, blank=True)
    provider_id = models.CharField(max_length=40, unique=True)
    received_at = models.DateTimeField(default=timezone.now)
    attached_to = models.ForeignKey(Conversation, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = _("unmatched replies")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["sender", "recipient"], name="unmatched_of_sender")]

    def __str__(self) -> str:
        return f"{self.channel} {self.received_at:%Y-%m-%d %H:%M}"


class InvitationRun(models.Model):
    """Many invitations that a user asked for at once; each is one row, sent once, whoever dies in between."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="invitation_runs")
    channel = models.CharField(max_length=12)
    made_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(unique=True, help_text=_("A repeated click is the same run"))

    class Meta:
        indexes = [models.Index(fields=["asked_at"], condition=Q(finished_at=None), name="sweep_invitation_runs")]

    def __str__(self) -> str:
        return f"{self.pk}"


class InvitationRunItem(models.Model):
    """One person of a run: waiting, invited, or skipped with the reason as it was said."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        INVITED = "invited", _("invited")
        SKIPPED = "skipped", _("skipped")

    run = models.ForeignKey(InvitationRun, models.CASCADE, related_name="items")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    token = models.UUIDField(default=uuid.uuid4, help_text=_("The invitation's client token"))
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "conversation"], name="once_in_a_run")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.conversation_id} {self.state}"


class WaitsFor(models.TextChoices):
    TIME = "time", _("a time")
    GOOD_HOUR = "good hour", _("a good hour where the person is")
    OPT_IN = "opt-in", _("the person's Yes")
    REPLY = "reply", _("the person's reply")


FOR_AN_ANSWER = (WaitsFor.OPT_IN, WaitsFor.REPLY)


class ScheduledState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    HELD_BACK = "held back", _("Held back")
    CANCELED = "canceled", _("Canceled")


SCHEDULED_STATES = (ScheduledState.WAITING, ScheduledState.HELD_BACK)  # that pages show


class ScheduledMessage(models.Model):
    """What was written now and leaves when it may: at a time, or once an answer opens the way.

    waiting ──due──► sent: it became a message
       │  └────────► held back, with why ──(Send now)──► sent
       └──(Cancel)──► canceled ◄──(Delete)──┘

    Each step is taken under the conversation's lock. `due_at` is empty while an answer is waited for.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="scheduled")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12)
    subject = models.CharField(max_length=255, blank=True, help_text=_("Of an email"))
    body = models.TextField()
    client_token = models.UUIDField()
    waits_for = models.CharField(max_length=10, choices=WaitsFor)
    due_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("When a worker was last asked for it"))
    state = models.CharField(max_length=10, choices=ScheduledState, default=ScheduledState.WAITING)
    why = models.TextField(blank=True, help_text=_("Why it was held back, in words"))
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, related_name="was_scheduled", help_text=_("What it became")
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveBigIntegerField(help_text=_("The conversation's, of its last change"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="scheduled_once_per_client_token", fields=["conversation", "author", "client_token"]
            ),
            models.CheckConstraint(
                name="who_waits_for_no_answer_has_a_time",
                condition=Q(waits_for__in=FOR_AN_ANSWER) | Q(due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=ScheduledState.WAITING), name="sweep_scheduled"),
            models.Index(
                fields=["conversation", "id"], condition=Q(state__in=SCHEDULED_STATES), name="scheduled_of_a_thread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.channel} {self.state}"

    @property
    def is_held_back(self) -> bool:
        return self.state == ScheduledState.HELD_BACK


class SendingHours(Company):
    """A company, as far as it chose its good hours for texts (V1): what Settings / Admin shows on a page of its own."""

    class Meta:
        proxy = True
        verbose_name = _("sending hours")
        verbose_name_plural = _("sending hours")


class ProblemReport(models.Model):
    """A failure that somebody told the company's admins of: once for each kind and day, however many it met."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="problem_reports")
    channel = models.CharField(max_length=12)
    code = models.IntegerField(default=0, help_text=_("The carrier's; 0 where it gave none"))
    sentence = models.CharField(max_length=255, blank=True, help_text=_("The reason, as it was said"))
    day = models.DateField(help_text=_("In UTC"))
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="admins_are_told_once_per_problem_and_day", fields=["company", "channel", "code", "day"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.code} {self.day}"


class SendingPause(models.Model):
    """The provider takes nothing from an account, whatever the text: its texts wait until a probe finds it mended.

    `account` and `channels` are in the channels' own words. One row stands for one trouble: it is opened again where
    the same comes back soon.
    """

    account = models.CharField(max_length=20)
    channels = ArrayField(models.CharField(max_length=12))
    code = models.IntegerField(default=0, help_text=_("The provider's; 0 where it gave none"))
    began_at = models.DateTimeField(default=timezone.now)
    probes = models.PositiveIntegerField(default=0)
    probe_at = models.DateTimeField(help_text=_("When to look next whether it works again"))
    companies_told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="one_pause_per_account", fields=["account"], condition=Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.began_at:%Y-%m-%d %H:%M}"

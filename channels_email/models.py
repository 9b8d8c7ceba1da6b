"""Reply addresses, mail as it came, letters with their files, and addresses from which mail comes back."""

import secrets
import uuid
from base64 import b32encode
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from inbox.models import Conversation, Message


def new_token() -> str:
    """160 random bits in lower-case letters and digits: nobody guesses it, and every mail program keeps it."""
    return b32encode(secrets.token_bytes(20)).decode().lower()


class ReplyAddress(models.Model):
    """Where answers to a conversation's mail go, for as long as the conversation lives (I7)."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="reply_address")
    token = models.CharField(max_length=32, unique=True, default=new_token)

    class Meta:
        verbose_name_plural = _("reply addresses")

    def __str__(self) -> str:
        return f"{self.conversation_id}"


class BouncedAddress(models.Model):
    """Mail to this address came back for good. It is free again once a mail comes from it; see `bounces`."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    address = models.CharField(max_length=254, help_text=_("in lower case"))
    code = models.IntegerField(null=True, help_text=_("as failures.py has it"))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = _("bounced addresses")
        constraints = [models.UniqueConstraint(fields=["company", "address"], name="bounced_once_at_a_company")]

    def __str__(self) -> str:
        return f"{self.pk}"


class RequestKind(models.TextChoices):
    MAIL = "mail", _("mail from a person")
    REPORT = "report", _("report on a mail of ours")


class RequestState(models.TextChoices):
    DONE = "done", _("understood")
    FAILED = "failed", _("failed, will be tried again")
    ASIDE = "aside", _("kept aside for the operator")


class MailRequest(models.Model):
    """What a mail provider posted, signed, stored once however often it comes (I3).

    `key` is what makes a repeat the same: a digest of the mail and of whom it was delivered to; `mail`, a digest of the
    mail alone. `raw` is the mail to the byte, or the provider's report; it is let go of some time after it was
    understood.
    """

    kind = models.CharField(max_length=8, choices=RequestKind)
    provider = models.CharField(max_length=20)
    key = models.CharField(max_length=64, unique=True)
    mail = models.CharField(max_length=40, blank=True, db_index=True)
    recipients = models.JSONField(default=list, help_text=_("to whom the provider says that it came"))
    raw = models.BinaryField()
    size = models.PositiveIntegerField(help_text=_("bytes"))
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.DONE)
    problem = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField(default=timezone.now)
    try_again_at = models.DateTimeField(null=True, blank=True)
    let_go_at = models.DateTimeField(null=True, blank=True, help_text=_("since when its content is no longer here"))

    objects: ClassVar[models.Manager["MailRequest"]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["try_again_at"], condition=models.Q(state="failed"), name="sweep_failed_mail"),
            models.Index(fields=["received_at"], condition=models.Q(let_go_at=None), name="sweep_kept_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.received_at:%Y-%m-%d %H:%M}"


class StoredLetter(models.Model):
    """What a mail that came in is beside its words, which are the message's body.

    `html` and `quoted` (the history below the new words) were made safe when it came. `kind`, `verdict`, `reason`,
    `marks` and `problems` are words of `reading`.
    """

    message = models.OneToOneField(Message, models.CASCADE, related_name="letter")
    request = models.ForeignKey(MailRequest, models.SET_NULL, null=True, related_name="letters")
    subject = models.CharField(max_length=500, blank=True)
    html = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    mail_id = models.CharField(max_length=998, blank=True, help_text=_("its Message-ID"))
    references = models.JSONField(default=list, help_text=_("ids of the mails before it, oldest first"))
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=320, blank=True)
    kind = models.CharField(max_length=12)
    verdict = models.CharField(max_length=8)
    reason = models.CharField(max_length=20)
    marks = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.mail_id}"


def place_of_file(file: "MailFile", name: str) -> str:
    """Where it is kept: under a name of ours, so that a stranger's name never meets the file system."""
    return f"mail/{file.uuid}"


class MailFile(models.Model):
    """A file that came with a mail, for the record's team only. `is_shown`: a picture within the text."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    letter = models.ForeignKey(StoredLetter, models.CASCADE, related_name="files")
    file = models.FileField(upload_to=place_of_file)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=255)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    role = models.CharField(max_length=16, help_text=_("what it is to the mail; a word of reading"))
    is_shown = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.uuid}"

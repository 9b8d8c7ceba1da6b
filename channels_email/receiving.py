"""A mail that came in: in which conversation it belongs, what it changes, who is told. Part of one transaction."""

from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_email import addresses, bounces, letters
from channels_email.models import MailRequest
from channels_email.providers import PROVIDERS
from channels_email.reading import Attachment as File
from channels_email.reading import Kind, Mail, Verdict, read
from inbox import channels, receiving, search
from inbox.models import Conversation, Message, NoticeKind, UnmatchedReply
from inbox.models import Kind as MessageKind
from inbox.receiving import Attachment, Inbound
from inbox.standing import MACHINES

KINDS = {
    Kind.BOUNCE: MessageKind.BOUNCE,
    Kind.AUTO_REPLY: MessageKind.AUTO_REPLY,
    Kind.DELAYED: MessageKind.AUTO_REPLY,
    Kind.RECEIPT: MessageKind.AUTO_REPLY,
    Kind.BULK: MessageKind.AUTO_REPLY,
}
"""What a machine wrote is shown, and waits for no answer; nothing is ever answered by a machine of ours."""
ANSWERS = {
    "ACCEPTED": gettext_lazy("Accepted"),
    "DECLINED": gettext_lazy("Declined"),
    "TENTATIVE": gettext_lazy("Accepted, perhaps"),
}


def take(row: MailRequest, mail: Mail) -> None:
    """Store a mail in each conversation that it belongs to, or in the operator's tray (I7).

    It belongs where a reply address says that it was sent to; else where the ids of our own mails say that it answers.
    Whoever it is from: an address that many people have at many companies says nothing.
    """
    found = conversations_of(row, mail)
    if not found:
        receiving.keep_unmatched(inbound(row, mail), company_id=None)
        return
    receiving.lock_conversations({*found, *bounces.concerned_by(mail, found)})
    for conversation_id in found:
        store(conversation_id, row, mail)


def conversations_of(row: MailRequest, mail: Mail) -> list[int]:
    """First by where it was delivered, then by whom it names, then by what it answers or returns."""
    by_address = addresses.conversations_of(row.recipients) or addresses.conversations_of(mail.to)
    if by_address:
        return by_address
    attempts = addresses.attempts_of(named_by(mail))
    return [attempts[0].message.conversation_id] if attempts else []


def named_by(mail: Mail) -> list[str]:
    """The ids of the mails that it is about; the last is the surest."""
    original = [mail.bounce.original_message_id] if mail.bounce else []
    return [*mail.references, mail.in_reply_to, *original]


def store(conversation_id: int, row: MailRequest, mail: Mail) -> None:
    """Once in a conversation, whichever ways it came. The conversation's row is locked."""
    mail_here = sha256(f"{row.mail} {conversation_id}".encode()).hexdigest()[:40]
    if Message.objects.filter(provider_id=mail_here).exists():
        return
    incoming = inbound(row, mail, provider_id=mail_here)
    notice = None if incoming.kind in MACHINES else NoticeKind.REPLY
    message = receiving.receive(conversation_id, incoming, notice=notice)
    letters.keep(message, row, mail)
    search.add(conversation_id, mail.subject)
    heed(Conversation.objects.with_record().get(pk=conversation_id), mail)


def heed(conversation: Conversation, mail: Mail) -> None:
    """What it says of the way to an address: that mail comes back from it, or that somebody is there."""
    if mail.bounce:
        bounces.heed(conversation, mail.kind, mail.bounce)
    elif mail.trust.verdict != Verdict.FAIL:
        bounces.forget(conversation.company_id, mail.from_address)


def inbound(row: MailRequest, mail: Mail, *, provider_id: str = "") -> Inbound:
    """The mail as the inbox has messages. Its reply address is a secret of the conversation, so it isn't told."""
    recipient = "" if provider_id else ", ".join(row.recipients)
    return Inbound(
        channel=channels.EMAIL,
        sender=mail.from_address[:254],
        recipient=recipient,
        body=words_of(mail),
        subject=mail.subject,
        provider_id=provider_id or row.mail,
        kind=KINDS.get(mail.kind, MessageKind.TEXT),
        attachments=[] if provider_id else [attachment(each) for each in mail.attachments],
        is_doubtful=mail.trust.verdict == Verdict.FAIL,
        received_at=row.received_at,
    )


def words_of(mail: Mail) -> str:
    """The new words of a mail. An entry for a calendar may have none: then what it says of which meeting."""
    if mail.text or mail.html or mail.invitation is None:
        return mail.text
    said = ANSWERS.get(mail.invitation.answer, _("Calendar"))
    return f"{said}: {mail.invitation.title}"


def attachment(file: File) -> Attachment:
    """A file of a mail in the tray, where it can't be read yet."""
    return Attachment(file.content_type.split("/")[0], file.content_type, size=file.size, name=file.name)


def bring_along(reply: UnmatchedReply, message: Message) -> None:
    """A stray mail was put where it belongs, as this message: its subject, its page and its files go with it.

    What it says of an address is as old as the mail, so that changes nothing now.
    """
    row = MailRequest.objects.filter(mail=reply.provider_id).order_by("pk").first()
    if row is None or row.let_go_at:
        return  # the words are there; what is not can't be brought
    mail = read(bytes(row.raw), trusted=PROVIDERS[row.provider].servers)
    Message.objects.filter(pk=message.pk).update(attachments=[], recipient="")
    letters.keep(message, row, mail)
    search.add(message.conversation_id, mail.subject)

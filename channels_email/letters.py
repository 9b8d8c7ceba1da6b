"""Letters beside their words: kept when a mail comes in, and shown in the thread with what must be known of them."""

import html as html_module
import re
from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from channels_email import files, remarks
from channels_email.composing import subject_of
from channels_email.formatting import as_html
from channels_email.models import MailFile, MailRequest, StoredLetter
from channels_email.reading import Mail, Role
from inbox.asking import Question, Rows, ask, instances
from inbox.channels import Letter, LetterFile
from inbox.links import linkify
from inbox.models import Message

PICTURE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')  # as `reading.pages` writes it
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
LETTERS = """
SELECT letter.*, ARRAY(
    SELECT row_to_json(attached) FROM channels_email_mailfile attached
    WHERE attached.letter_id = letter.id ORDER BY attached.id) AS files
FROM channels_email_storedletter letter WHERE letter.message_id = ANY(%(letters)s)"""
NOT_LISTED = {Role.SMIME_SIGNATURE, Role.PGP_SIGNATURE}  # kept, and nothing that a person reads


def keep(message: Message, row: MailRequest, mail: Mail) -> StoredLetter:
    """Store what a mail is beside its words, and its files."""
    letter = StoredLetter(
        message=message,
        request=row,
        subject=mail.subject[:500],
        mail_id=mail.message_id[:998],
        references=list(mail.references or ([mail.in_reply_to] if mail.in_reply_to else [])),
        from_name=mail.from_name[:200],
        from_address=mail.from_address[:320],
        kind=mail.kind,
        verdict=mail.trust.verdict,
        reason=mail.trust.reason,
        marks=list(mail.trust.marks),
        problems=list(mail.problems),
    )
    kept = files.keep(letter, mail.attachments, origin=f"{row.key} {message.conversation_id}")
    pictures = {each.content_id: file for each, file in zip(mail.attachments, kept, strict=True) if file.is_shown}
    letter.html = with_pictures(mail.html, pictures)
    letter.quoted = with_pictures(mail.quoted_html, pictures) or linkify(mail.quoted)
    letter.save()
    MailFile.objects.bulk_create(kept)
    return letter


def with_pictures(html: str, pictures: dict[str, MailFile]) -> str:
    """Safe HTML, with the address of each picture that came with it; one that isn't shown is in the list of files."""

    def placed(image: "re.Match[str]") -> str:
        attributes = {name: html_module.unescape(value) for name, value in ATTRIBUTE.findall(image[1])}
        file = pictures.get(attributes.get("data-cid", ""))
        if file is None:
            return html_module.escape(attributes.get("alt", ""))
        source, alt = reverse("mail-file", args=[file.uuid]), attributes.get("alt", "")
        return format_html('<img src="{}" alt="{}" loading="lazy">', source, alt)

    return PICTURE.sub(placed, html)


def question(messages: Sequence[Message]) -> Question | None:
    """The letters that came in, with their files; None where there is none among these messages."""
    came_in = [each.pk for each in messages if not each.is_out]
    return Question(LETTERS, {"letters": came_in}) if came_in else None


def shown(messages: Sequence[Message], answer: Rows | None = None) -> dict[int, Letter]:
    """What the thread shows of letters. `answer`: to the question, if it was asked."""
    if answer is None:
        asked = question(messages)
        answer = ask(asked)[0] if asked else []
    letters = {letter.message_id: letter for letter in instances(StoredLetter, answer)}
    files = {row["message_id"]: instances(MailFile, row["files"]) for row in answer}
    found: dict[int, Letter] = {}
    for message in messages:
        if message.is_out:
            found[message.pk] = Letter(subject_of(message), html=as_html(message.body))
        elif letter := letters.get(message.pk):
            found[message.pk] = _shown(letter, files[message.pk], message)
    return found


def _shown(letter: StoredLetter, files: Sequence[MailFile], message: Message) -> Letter:
    remark, tone = remarks.about(letter, message.conversation.person)
    listed = [file for file in files if not file.is_shown and file.role not in NOT_LISTED]
    return Letter(
        subject=letter.subject,
        html=SafeString(letter.html),  # made safe by `reading` when it came
        quoted=SafeString(letter.quoted),
        files=tuple(
            LetterFile(file.name, file.content_type, file.size, reverse("mail-file", args=[file.uuid]))
            for file in listed
        ),
        remark=remark,
        tone=tone,
        writer=remarks.writer_of(letter, message.conversation.person),
    )

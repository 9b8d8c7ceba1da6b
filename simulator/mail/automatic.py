"""What answers a mail without its reader: a person who is away, and a mailbox that does not exist.

Sources: RFC 3834 (automatic responses), RFC 3464 (delivery status notifications).
"""

import email
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr, formatdate

from simulator.mail.reading import addresses_in, answer_address, header, ids_in
from simulator.mail.store import Mailbox
from simulator.mail.writing import Letter, references_to

ABSENT = "Thank you for your mail. I am out of the office and will read it when I am back."
RETURNED = """This is the mail system at host mail.{domain}.

Your message could not be delivered to one or more recipients. It's attached below.

<{address}>: host mail.{domain}[203.0.113.25] said: 550 5.1.1 <{address}>:
    Recipient address rejected: User unknown in virtual mailbox table
"""


def return_address(original: EmailMessage) -> str:
    """Where automatic answers go: the Return-Path if the mail has one, else where a reply would. Empty: nowhere."""
    if header(original, "Return-Path"):
        return next(iter(addresses_in(original, "Return-Path")), "")
    return answer_address(original)


def may_be_answered(original: EmailMessage) -> bool:
    """Whether an automatic answer is allowed: not to what is automatic itself or went to a list (RFC 3834, 2)."""
    is_automatic = header(original, "Auto-Submitted").lower() not in ("", "no")
    is_for_many = header(original, "Precedence").lower() in ("bulk", "list", "junk") or header(original, "List-Id")
    return bool(return_address(original)) and not is_automatic and not is_for_many


def out_of_office(mailbox: Mailbox, original: EmailMessage) -> Letter:
    """Says that it is automatic, so that nobody answers it automatically."""
    return Letter(
        formataddr((mailbox.name, mailbox.address)),
        return_address(original),
        f"Automatic reply: {header(original, 'Subject')}",
        text=f"{ABSENT}\n\n{mailbox.title}\n",
        in_reply_to=next(iter(ids_in(original, "Message-ID")), ""),
        references=references_to(original),
        headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
    )


def bounce(mailbox: Mailbox, original: bytes, *, to: str, message_id: str, now: float) -> bytes:
    """The mail system's report that there is no such mailbox: words, the status for programs, and the mail itself."""
    domain = mailbox.address.rpartition("@")[2]
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = str(Address("Mail Delivery System", "MAILER-DAEMON", domain))
    report["To"] = to
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = formatdate(now)
    report["Message-ID"] = message_id
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText(RETURNED.format(domain=domain, address=mailbox.address)))
    report.attach(_status(mailbox.address, domain, now=now))
    report.attach(MIMEMessage(email.message_from_bytes(original)))
    return report.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _status(address: str, domain: str, *, now: float) -> MIMEBase:
    of_mail, of_recipient = Message(), Message()
    of_mail["Reporting-MTA"] = f"dns; mail.{domain}"
    of_mail["Arrival-Date"] = formatdate(now)
    of_recipient["Final-Recipient"] = f"rfc822; {address}"
    of_recipient["Original-Recipient"] = f"rfc822;{address}"
    of_recipient["Action"] = "failed"
    of_recipient["Status"] = "5.1.1"
    of_recipient["Remote-MTA"] = f"dns; mail.{domain}"
    of_recipient["Diagnostic-Code"] = f"smtp; 550 5.1.1 <{address}>: Recipient address rejected: User unknown"
    status = MIMEBase("message", "delivery-status")
    status.set_payload([of_mail, of_recipient])
    return status

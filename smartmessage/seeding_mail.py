"""The demo's letters, as the people's mail programs write them."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from candidates.models import Candidate

GRACE = [
    (
        "out",
        "Hi Grace,\n\nthank you for your application. Two questions before we talk:\n\n- When could you start?\n"
        "- Are **two days a week in Adlershof** fine with you?\n\nBest wishes\nMaya",
    ),
    (
        "in",
        "Hi Maya,\n\nthank you for the quick answer! I could start on the first of next month, and two days on site "
        "are fine. My certificates are attached.\n\nGrace",
    ),
    ("out", "Wonderful, thank you! I will send you a few times for a call tomorrow morning."),
]
BEN = [
    ("out", "Hello Ben,\n\nwe liked your list of ten books. Would you come by the shop on Saturday?\n\nSam"),
    ("in", "Dear Sam,\n\nwith pleasure. Would eleven o'clock be all right?\n\nBen"),
]
CERTIFICATES = b"""%PDF-1.1
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 58>>stream
BT /F 18 Tf 40 120 Td (Certificate: Safe Work on Robots) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
"""


def answer(person: Candidate, words: str, *, subject: str, at: datetime) -> bytes:
    """A person's letter as it arrives at our mail provider, with what she says that she attached."""
    mail = EmailMessage()
    mail["From"] = formataddr((person.name, person.email))
    mail["To"], mail["Subject"], mail["Date"] = "jobs@reply.smartmessage.example", subject, format_datetime(at)
    mail["Message-ID"] = f"<{at.timestamp()}.{person.pk}@example.com>"
    mail.set_content(words)
    if "attached" in words:
        mail.add_attachment(CERTIFICATES, maintype="application", subtype="pdf", filename="Certificates.pdf")
    return mail.as_bytes()

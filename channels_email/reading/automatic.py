"""Whether a program writes, and which kind: an answer of its own accord, a receipt, a newsletter (RFC 3834, 2369)."""

import re

from channels_email.reading.headers import Headers
from channels_email.reading.mail import Kind

ANSWERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply")
LISTS = ("list-id", "list-unsubscribe", "list-post", "feedback-id", "x-campaign-id", "x-mailchimp-campaign-id")
NO = {"", "no", "false", "0"}
# Only at a subject's beginning, and only where no header says anything: people may write about being away, too.
SUBJECTS = re.compile(
    r"(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|"
    r"automatische (?:antwort|rückmeldung)|abwesenheits(?:notiz|nachricht|meldung)|abwesend|"
    r"réponse automatique|absence du bureau|absent du bureau|automatisch antwoord|afwezig(?:heidsbericht)?|"
    r"autosvar|automatiskt svar|frånvaro(?:meddelande)?|respuesta automática|fuera de (?:la )?oficina|"
    r"risposta automatica|resposta automática)\b",
    re.IGNORECASE,
)


def automatic_kind(headers: Headers, subject: str) -> Kind | None:
    """What program wrote the mail; None: as far as headers tell, a person did."""
    submitted = headers.get("auto-submitted").split(";")[0].strip().lower()
    precedence = headers.get("precedence").strip().lower()
    if submitted.startswith("auto-replied") or precedence in {"auto_reply", "auto-reply"} or _says_autoreply(headers):
        return Kind.AUTO_REPLY
    looks_like_answer = SUBJECTS.match(subject) is not None
    is_generated = submitted.startswith("auto-") or headers.get("x-auto-response-suppress").strip().lower() == "all"
    if is_generated and (looks_like_answer or (submitted and headers.has("in-reply-to"))):
        return Kind.AUTO_REPLY  # Exchange says "auto-generated" of its out-of-office answers
    if any(headers.has(name) for name in LISTS) or precedence in {"list", "bulk", "junk"}:
        return Kind.BULK
    if looks_like_answer:
        return Kind.AUTO_REPLY
    return Kind.BULK if submitted.startswith("auto-") else None


def _says_autoreply(headers: Headers) -> bool:
    return any(headers.get(name).strip().lower() not in NO for name in ANSWERS)

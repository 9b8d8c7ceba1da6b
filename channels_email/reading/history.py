"""What is new in a mail, and what only quotes earlier ones: the same rules for plain text and for HTML, by lines.

Own code: quotequail (kept, September 2026) finds a quote's first line, but not answers below or between quotes, and
shows no forwarded mail; it needs lxml besides. mail-parser-reply reads plain text only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

LONGEST = 300  # characters of a line that is looked at
WRAPPED = 4  # lines over which a program may break "On … wrote:"
HEADER_LINES = 8


class Quoting(Enum):
    NONE = auto()
    INDENTED = auto()  # a quote if something introduces it
    CITED = auto()  # marked as a quote by the program


@dataclass(frozen=True)
class Line:
    """A line of a mail. `introduces`: its program says that a quote follows; `opens_history`: that all below is one."""

    text: str
    quoting: Quoting = Quoting.NONE
    introduces: bool = False
    opens_history: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing is said: empty, or a drawn line."""
        return not self.text or not self.text.strip("_-=*─—>\xa0 \t")


class Label(Enum):
    NEW = auto()
    INTRODUCTION = auto()
    QUOTE = auto()
    REST = auto()  # below a line that opens the history


WROTE = "|".join(
    (
        r"On\b.* wrote",
        r"On\b.* writes",
        r"Am\b.* schrieb\b.*",
        r"Von\b.* am\b.*",
        r".* schrieb am\b.*",
        r".* schrieb",
        r"Le\b.* a écrit",
        r"Op\b.* schreef\b.*",
        r"Op\b.* heeft\b.* geschreven",
        r".* skrev\b.*",
        r"El\b.* escribió",
        r"Il\b.* ha scritto",
        r"Em\b.* escreveu",
        r"W dniu\b.* pisze",
        r"\d{4}[年./-].*<[^<>\s]*@[^<>\s]*>",
    )
)
# With a day, for "He wrote:" alone introduces nothing.
ATTRIBUTION = re.compile(rf"(?=.*\d)(?:{WROTE})\s?[:：]", re.IGNORECASE)
WITH_TIME_OR_ADDRESS = re.compile(r"\d{1,2}[:.h]\d{2}|\S@\S")
DASHES = r"[-–—_*]{2,}\s*"
ORIGINAL = re.compile(
    rf"{DASHES}(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|message d.origine|"
    rf"message original|oorspronkelijk bericht|origineel bericht|originalmeddelande|ursprungligt meddelande|"
    rf"mensaje original|messaggio originale|mensagem original)\s*{DASHES}",
    re.IGNORECASE,
)
COPY = re.compile(rf"{DASHES}(?:below this line is|this is|the following is) a copy of the message.*", re.IGNORECASE)
FORWARDED = re.compile(
    r"[-–—_*\s]*(?:begin )?(?:forwarded message|weitergeleitete nachricht|"
    r"anfang der weitergeleiteten (?:e-mail|nachricht)|message transféré|message réexpédié|"
    r"début du message (?:transféré|réexpédié)|doorgestuurd bericht|"
    r"begin doorgestuurd bericht|vidarebefordrat (?:meddelande|brev)|vidarebefordrat mejl|mensaje reenviado|"
    r"inicio del mensaje reenviado|messaggio inoltrato|mensagem encaminhada)\s*[-–—_:*]*\s*(?:from .*)?",
    re.IGNORECASE,
)
FIELDS = {
    "from": ("from", "von", "de", "van", "från", "da", "fra"),
    "sent": ("sent", "date", "gesendet", "datum", "envoyé", "verzonden", "skickat", "enviado", "enviado el", "fecha"),
    "to": ("to", "an", "à", "aan", "till", "para", "a"),
    "subject": ("subject", "betreff", "objet", "onderwerp", "ämne", "asunto", "oggetto", "assunto"),
    "cc": ("cc", "kopie", "kopia"),
}
FIELD_OF = {word: name for name, known in FIELDS.items() for word in known}
FIELD = re.compile(r"\*{0,2}([^\W\d_][^\W\d_ ]{0,10}(?: el)?)\s?\*{0,2}\s?[:：]")
FORWARD_SUBJECT = re.compile(r"(?:fwd?|wg|tr|rv|doorst|vb|vs|i|enc|weitergeleitet)\s?:", re.IGNORECASE)


def history_of(lines: Sequence[Line], *, is_forward: bool, has_files: bool = False) -> list[bool]:
    """For each line whether it is history.

    What is below the last new words is history, and so is one introduced quote above them. Quotes with answers in
    between stay, for the answers need their questions. A forwarded mail is content: somebody wanted it to be read.
    A mail without a word of its own is shown whole, unless it brings files.
    """
    labels = _labels(lines, is_forward)
    last = max((n for n, line in enumerate(lines) if labels[n] is Label.NEW and not line.is_blank), default=-1)
    if last < 0 and not has_files:
        return [False] * len(lines)
    is_below = any(label is not Label.NEW for label in labels[last + 1 :])
    history = [is_below and n > last for n in range(len(lines))]
    if quotes := _quotes(lines, labels[: last + 1]):
        first, after = quotes[0]
        if len(quotes) == 1 and labels[first] is Label.INTRODUCTION:
            history[first:after] = [True] * (after - first)
    return history


def is_forward(subject: str) -> bool:
    """Whether a subject says, by its first prefix, that the mail passes another one on."""
    return FORWARD_SUBJECT.match(subject.strip()) is not None


def _labels(lines: Sequence[Line], is_forward: bool) -> list[Label]:
    labels = [Label.NEW] * len(lines)
    n, is_introduced = 0, False
    while n < len(lines):
        line = lines[n]
        if line.quoting is Quoting.CITED or (line.quoting is Quoting.INDENTED and is_introduced):
            after = _end_of_quote(lines, n)
            if _is_forwarded(lines[n:after]):
                return labels
            labels[n:after] = [Label.QUOTE] * (after - n)
            n, is_introduced = after, False
        elif line.is_blank:
            labels[n] = Label.INTRODUCTION if is_introduced else Label.NEW
            n += 1
        elif FORWARDED.fullmatch(line.text[:LONGEST].strip("> ")):
            return labels
        elif _opens_history(line) or _is_header_block(lines, n):
            return labels if is_forward else [*labels[:n], *[Label.REST] * (len(lines) - n)]
        elif length := _introduction(lines, n):
            if not _quote_follows(lines, n + length):
                if not WITH_TIME_OR_ADDRESS.search(_joined(lines, n, length)):
                    n += length
                    continue
                return [*labels[:n], *[Label.REST] * (len(lines) - n)]
            labels[n : n + length] = [Label.INTRODUCTION] * length
            n, is_introduced = n + length, True
        else:
            n += 1
    return labels


def _opens_history(line: Line) -> bool:
    return line.opens_history or ORIGINAL.match(line.text) is not None or COPY.match(line.text) is not None


def _end_of_quote(lines: Sequence[Line], n: int) -> int:
    while n < len(lines) and lines[n].quoting is not Quoting.NONE:
        n += 1
    return n


def _is_forwarded(quote: Sequence[Line]) -> bool:
    first = next((line.text[:LONGEST].strip("> ") for line in quote if not line.is_blank), "")
    return FORWARDED.fullmatch(first) is not None


def _introduction(lines: Sequence[Line], n: int) -> int:
    """How many lines from here introduce a quote; 0 for none."""
    for length in range(1, WRAPPED + 1):
        if (
            n + length > len(lines)
            or lines[n + length - 1].is_blank
            or lines[n + length - 1].quoting is not Quoting.NONE
        ):
            return 0
        if all(line.introduces for line in lines[n : n + length]):
            if n + length < len(lines) and lines[n + length].introduces and not lines[n + length].is_blank:
                continue
            return length
        joined = _joined(lines, n, length)
        if joined.endswith((":", "：")) and ATTRIBUTION.fullmatch(joined):
            return length
    return 0


def _joined(lines: Sequence[Line], n: int, length: int) -> str:
    return " ".join(line.text.strip() for line in lines[n : n + length])[:LONGEST]


def _quote_follows(lines: Sequence[Line], n: int) -> bool:
    while n < len(lines) and lines[n].is_blank and lines[n].quoting is Quoting.NONE:
        n += 1
    return n < len(lines) and lines[n].quoting is not Quoting.NONE


def _is_header_block(lines: Sequence[Line], n: int) -> bool:
    """Whether "From: … Sent: … To: … Subject: …" begins here, as Outlook writes it above what it answers."""
    if _field(lines[n]) != "from":
        return False
    block = [line for line in lines[n : n + 2 * HEADER_LINES] if not line.is_blank][:HEADER_LINES]
    found = {_field(line) for line in block}
    return "subject" in found and not found.isdisjoint({"sent", "to"})


def _field(line: Line) -> str:
    found = FIELD.match(line.text[:LONGEST].strip("> "))
    return FIELD_OF.get(found[1].strip().lower(), "") if found else ""


def _quotes(lines: Sequence[Line], labels: Sequence[Label]) -> list[tuple[int, int]]:
    """The quotes with what introduces them: first line, line after the last. Blank lines don't end a quote."""
    found: list[tuple[int, int]] = []
    may_go_on = False
    for n, label in enumerate(labels):
        if label is Label.NEW:
            may_go_on = may_go_on and lines[n].is_blank
        elif may_go_on:
            found[-1] = (found[-1][0], n + 1)
        else:
            found.append((n, n + 1))
            may_go_on = True
    return found

"""500 texts with the size that the standard gives them, by `gsm0338` and by Twilio's published examples."""

from itertools import cycle, islice, product

import gsm0338

from inbox.segments import EXTENSION
from tests.inbox.test_segments import EXAMPLES

SENTENCES = (
    "Hi Anna, thanks for your application. When may we call you?",
    "Hallo Jürgen, passt Ihnen Dienstag um 14 Uhr? Viele Grüße",
    "Bonjour Zoé, êtes-vous libre jeudi ? Voilà où nous sommes.",
    "Hej Åsa, tack för ditt svar! Vi hörs på fredag, ok?",
    "Hola Íñigo, ¿podemos hablar mañana? ¡Muchas gracias!",
    "Dag Noëlle, heb je morgen even tijd voor een gesprek?",
    "Ciao Niccolò, il colloquio è lunedì alle 9. A presto!",
    "Salary {50k-60k} [gross] ~ 45 €, see https://example.com/a?b=c|d",
    "Привет, Анна! Когда вам удобно поговорить?",
    "Καλημέρα Άννα, πότε μπορούμε να μιλήσουμε;",
    "We’d love to meet you – “soon”…",
    "Great 👍🏽 see you 🇩🇪 tomorrow 👩‍🚀",
)
LENGTHS: tuple[int, ...] = (
    *(1, 2, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 201, 202, 305, 306, 307, 458, 459, 460),
    *(469, 470, 612, 918, 1071, 1072, 1224, 1530, 1531, 1598, 1599, 1600),
)
MADE = tuple("".join(islice(cycle(sentence + " "), length)) for sentence, length in product(SENTENCES, LENGTHS))
AROUND = tuple("x" * (length - 1) + odd for length, odd in product((67, 70, 153, 160, 306), "€^’çé\f😀\n\t–ÄΔ…«ú"))
TEXTS = tuple(dict.fromkeys((*EXAMPLES, *AROUND, *MADE)))[:500]


def size(text: str) -> tuple[str, int, int]:
    """Encoding, units and segments as the standard has them: septets by the codec, or UTF-16 units."""
    try:
        septets = [len(gsm0338.Codec().encode(character)[0]) for character in text]
    except UnicodeError:
        units = [len(character.encode("utf-16-le")) // 2 for character in text]
        return "UCS-2", sum(units), _segments(units, alone=70, each=67)
    assert sum(septets) == len(text) + sum(character in EXTENSION for character in text)
    return "GSM-7", sum(septets), _segments(septets, alone=160, each=153)


def _segments(costs: list[int], *, alone: int, each: int) -> int:
    """Greedily, and nothing is torn apart: 3GPP TS 23.040, 9.2.3.24.1, and twilio.md, 11."""
    if sum(costs) <= alone:
        return 1
    ends = [0]
    for cost in costs:
        if ends[-1] + cost > each:
            ends.append(0)
        ends[-1] += cost
    return len(ends)

"""Slips of the thumb in the words that matter: "stop txeting me" reads like "stop texting me".

Forgiven is one letter, never the first nor the last one: missing, doubled, in the place of the next one, or, in words
of six letters and more, the key beside the right one.
"""

from __future__ import annotations

from collections.abc import Iterator

MEANT = """
text texting message messages messaging contact contacting contacted remove delete number unsubscribe unsubscribed
interested sending bother bothering notifications anymore leave alone
arretez arreter cessez ecrire ecrivez ecrives contacter contactez contactes recontacter envoyer envoyez messages
supprimer supprimez retirer retirez effacez numero desabonner desabonnez desinscrire desinscrivez laissez tranquille
aufhoren aufhoeren schreiben schreibt anschreiben kontaktieren kontaktiert nachricht nachrichten loschen loeschen
entfernen streichen verteiler nummer abmelden austragen belastigen
stoppen ophouden appen berichten berichtjes contacteren contacteer benaderen benader verwijder verwijderen uitschrijven
afmelden sturen lastig
sluta smsa kontakta meddelande meddelanden radera avregistrera skicka skriva ifred
escriban escribir escribirme contacten contactar contactarme mensaje mensajes manden mandar mandarme dejen molesten
borren borrar borrenme eliminen eliminar saquen quiten numero
"""
OTHERS = "apen boren contacts leve maden mandame nimmer quien schrieben skiva"  # words themselves, one letter off

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE = {
    key: "".join(row[max(place - 1, 0) : place] + row[place + 1 : place + 2])
    for row in ROWS
    for place, key in enumerate(row)
}


def _slips(word: str) -> Iterator[str]:
    for place in range(1, len(word) - 1):
        yield word[:place] + word[place + 1 :]
        yield word[: place + 1] + word[place:]
        if len(word) > 5:
            yield from (word[:place] + key + word[place + 1 :] for key in BESIDE[word[place]])
        if place < len(word) - 2:
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _all_slips() -> dict[str, str]:
    right = {*MEANT.split(), *OTHERS.split()}
    return {slip: word for word in MEANT.split() if len(word) > 4 for slip in _slips(word) if slip not in right}


SLIPS = _all_slips()


def as_meant(word: str) -> str:
    """A word in the spelling that the phrases know; `word`: plain, as `opt_out_reading` makes it."""
    return SLIPS.get(word, word)

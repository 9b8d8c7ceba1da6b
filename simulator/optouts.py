"""Twilio's own opt-out machinery: its words, its scope, and what it texts back. Source: its help pages."""

import re
from dataclasses import dataclass
from typing import Literal

OUT = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
IN = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

OUT_REPLY = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number."
    " Reply START to resubscribe."
)
IN_REPLY = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help."
    " Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELP_REPLY = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
TOLL_FREE_OUT_REPLY = (
    'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number.'
    ' Text back "unstop" to receive messages again.'
)
TOLL_FREE_IN_REPLY = 'NETWORK MSG: You have replied "unstop" and will begin receiving messages again.'

Kind = Literal["STOP", "START", "HELP"]


@dataclass(frozen=True)
class Keyword:
    """What a text is for Twilio: which kind, whether it changes the block, and the answer to it."""

    kind: Kind
    blocks: bool = False
    lifts: bool = False
    reply: str | None = None


def is_toll_free(number: str) -> bool:
    return re.match(r"\+1(800|833|844|855|866|877|888)", number) is not None


def is_short_code(number: str) -> bool:
    return re.fullmatch(r"\d{3,8}", number) is not None


def keyword(text: str, *, sender: str, is_blocked: bool, yes_is_answered: bool) -> Keyword | None:
    """Twilio's verdict on a text to `sender`; None for an ordinary one.

    Exactly one word counts, in any case, with outer blanks. A short code has no machinery. A STOP is answered
    once. YES of a person who is not blocked is answered only by switch, because Twilio doesn't say.
    """
    word = text.strip().upper()
    if is_short_code(sender):
        return None
    if is_toll_free(sender):
        return _toll_free(word, is_blocked=is_blocked)
    if word in OUT:
        return Keyword("STOP", blocks=True, reply=None if is_blocked else OUT_REPLY)
    if word in IN:
        is_silent = word == "YES" and not is_blocked and not yes_is_answered
        return Keyword("START", lifts=True, reply=None if is_silent else IN_REPLY)
    return Keyword("HELP", reply=HELP_REPLY) if word in HELP else None


def _toll_free(word: str, *, is_blocked: bool) -> Keyword | None:
    """The network's own block: one word each way, and no help for the blocked."""
    if word == "STOP":
        return Keyword("STOP", blocks=True, reply=None if is_blocked else TOLL_FREE_OUT_REPLY)
    if word in ("START", "UNSTOP"):
        return Keyword("START", lifts=True, reply=TOLL_FREE_IN_REPLY if is_blocked else None)
    if word in HELP:
        return Keyword("HELP", reply=None if is_blocked else HELP_REPLY)
    return None

"""The demo's numbers and people, as its description names them; the product seeds the same ones."""

from dataclasses import dataclass

SENDING_NUMBERS = (
    ("+1 415 555 0100", "Northwind Robotics"),
    ("+1 415 555 0101", "Northwind Robotics"),
    ("+44 7700 900100", "Northwind Robotics"),
    ("+49 30 23125 000", "Northwind Robotics"),
    ("+1 617 555 0100", "Alder Clinics"),
)
WHATSAPP_SENDER = ("+1 415 555 0199", "SmartRecruiters")

PEOPLE = (
    ("+49 30 123487007", "Anna Bauer"),
    ("+1 415 123 4567", "Marcus Hill"),
    ("+33 93 376 1346", "Elise Laurent"),
    ("+46 7 1334 8475", "Oskar Lind"),
    ("+44 1632 960947", "Olivia Clarke"),
    ("+31 6 1234 5678", "Sophie Dekker"),
    ("+1 613 555 0160", "Liam Tremblay"),
    ("+61 2 1234 5637", "Chloe Martin"),
    ("+43 1 2345 6789", "Felix Gruber"),
    ("+43 6 1234 5678", "Nina Huber"),
    ("+1 617 555 0142", "Ruth Bell"),
)

MAIL_ONLY = ("Grace Turner", "Jack Wilson", "Ben Osei")  # people of the demo without a phone here


def address_of(name: str) -> str:
    """The mail address that the product's seed gives to this person."""
    return f"{name.lower().replace(' ', '.')}@example.com"


def e164(typed: str) -> str:
    return "+" + "".join(filter(str.isdigit, typed))


AS_TYPED = {e164(typed): typed for typed, _ in (*SENDING_NUMBERS, WHATSAPP_SENDER, *PEOPLE)}

INVITATION_SID = "HXdec0de00000000000000000000000001"
INVITATION = (
    "SmartRecruiters would like to reach you on behalf of {{1}} about {{2}}. Since the team can only reach you within a"
    " day of your last message, please reply to continue receiving updates. Ignore to no longer receive updates."
)


@dataclass(frozen=True)
class Said:
    """A message that the demo begins with."""

    sid: str
    is_persons: bool
    minutes_ago: int
    body: str


LIAM = e164("+1 613 555 0160")
SAID_TO_LIAM = (
    Said("SMdec0de000000000000000000000001a1", True, 40, "Hi, is the position still open?"),
    Said(
        "SMdec0de000000000000000000000001a2",
        False,
        38,
        "Northwind Robotics: Hi Liam, yes it is. Could we talk tomorrow?",
    ),
)

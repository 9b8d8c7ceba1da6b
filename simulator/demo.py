"""The demo's numbers and people, as its description names them; the product seeds the same ones."""

SENDING_NUMBERS = (
    ("+1 415 555 0100", "Northwind Robotics"),
    ("+1 415 555 0101", "Northwind Robotics"),
    ("+44 7700 900100", "Northwind Robotics"),
    ("+49 30 23125 000", "Northwind Robotics"),
    ("+1 617 555 0100", "Alder Clinics"),
)

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


def e164(typed: str) -> str:
    return "+" + "".join(filter(str.isdigit, typed))


AS_TYPED = {e164(typed): typed for typed, _ in (*SENDING_NUMBERS, *PEOPLE)}

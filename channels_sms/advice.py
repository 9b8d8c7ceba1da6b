"""What the composer says of the number that a text will come from (V2, Q6)."""

from django.utils.translation import gettext as _

from candidates import phone_numbers
from channels_sms.rules import Facts
from inbox.channels import SenderAdvice

SERVES_BETTER = "whatsapp"


def on_sender(facts: Facts, *, company: str, name: str) -> tuple[SenderAdvice, ...]:
    """Nothing where the text comes from a number of the phone's country, as the texts before it did.

    `name`: the person's first name.
    """
    if not facts.sender:
        return ()
    found = []
    if facts.former_sender:
        found.append(_on_change(facts, name=name))
    if not facts.is_domestic:
        found.append(_on_country(facts, company=company))
    return tuple(found)


def _on_change(facts: Facts, *, name: str) -> SenderAdvice:
    head = _("This will now come from %(sender)s.") % {"sender": phone_numbers.display(facts.sender)}
    text = _(
        "%(former)s, which %(name)s knows, is no longer in use. Say who you are; replies to either number arrive here."
    ) % {"former": phone_numbers.display(facts.former_sender), "name": name}
    return SenderAdvice(head, text, "phone")


def _on_country(facts: Facts, *, company: str) -> SenderAdvice:
    country = phone_numbers.country_of(facts.phone)
    if country:
        head = _("%(company)s has no number in %(country)s.") % {
            "company": company,
            "country": phone_numbers.country_name(country),
        }
    else:
        head = _("This phone number belongs to no country.")
    text = _("This goes out from %(sender)s, %(home)s. Delivery and replies aren’t guaranteed; WhatsApp serves better.")
    home = phone_numbers.country_name(phone_numbers.country_of(facts.sender))
    return SenderAdvice(
        head, text % {"sender": phone_numbers.display(facts.sender), "home": home}, "globe", instead=SERVES_BETTER
    )

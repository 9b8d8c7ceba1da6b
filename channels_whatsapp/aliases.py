"""One person, several names: a number, WhatsApp's own id of it, a user id. Seen together they are one address (O10)."""

import uuid
from collections.abc import Iterable

from django.utils import timezone

from candidates.models import Candidate
from channels_whatsapp.models import Alias, WhatsAppSender
from inbox.models import Conversation


def addresses_of(sender: WhatsAppSender, address: str) -> list[str]:
    """All names of the person behind this address, itself included."""
    persons = Alias.objects.filter(sender=sender, address=address).values("person")
    known = Alias.objects.filter(sender=sender, person__in=persons).values_list("address", flat=True)
    return sorted({address, *known})


def seen_together(sender: WhatsAppSender, addresses: Iterable[str]) -> list[str]:
    """Remember that these name one person, with whatever each was known with before; all of her names.

    Part of the webhook's transaction. Two webhooks at once about the same names wait for each other at the rows.
    """
    names = sorted(set(addresses))
    known = list(Alias.objects.select_for_update().filter(sender=sender, address__in=names).order_by("pk"))
    persons = {alias.person for alias in known}
    person = min(persons, default=uuid.uuid4())
    new = [Alias(sender=sender, address=name, person=person) for name in names]
    Alias.objects.bulk_create(new, ignore_conflicts=True)
    if len(persons) > 1:
        Alias.objects.filter(sender=sender, person__in=persons).update(person=person)
    Alias.objects.filter(sender=sender, address__in=names).update(seen_at=timezone.now())
    return sorted({*names, *Alias.objects.filter(sender=sender, person=person).values_list("address", flat=True)})


def conversations_of(company_id: int, addresses: Iterable[str]) -> set[int]:
    """The company's conversations with whoever has one of these addresses (O10)."""
    names = list(addresses)
    by_number = Candidate.objects.filter(company=company_id, phone__in=names)
    by_user_id = Candidate.objects.filter(whatsapp_address__company=company_id, whatsapp_address__address__in=names)
    people = by_number.values("pk").union(by_user_id.values("pk"))
    return set(Conversation.objects.of_people(people).filter(company=company_id).values_list("pk", flat=True))

"""Which number of ours a company writes from on WhatsApp: its own if it has one, else the platform's (W3, W5)."""

from collections.abc import Iterable

from django.db.models import Q

from channels_whatsapp.models import WhatsAppSender


def sender_of(company_id: int) -> WhatsAppSender | None:
    """None: no sender is connected yet."""
    return senders_of([company_id]).get(company_id)


def senders_of(company_ids: Iterable[int]) -> dict[int, WhatsAppSender]:
    """The sender of each of these companies, in one query; who has none is left out."""
    wanted = set(company_ids)
    found = list(WhatsAppSender.objects.filter(Q(company__in=wanted) | Q(company=None)))
    own = {sender.company_id: sender for sender in found if sender.company_id is not None}
    shared = next((sender for sender in found if sender.is_shared), None)
    chosen = {company_id: own.get(company_id, shared) for company_id in wanted}
    return {company_id: sender for company_id, sender in chosen.items() if sender is not None}


def sender_with(number: str) -> WhatsAppSender | None:
    return WhatsAppSender.objects.filter(number=number).first()

"""Addresses from which mail comes back: noted when a mail server says so, free again once a mail comes from them."""

from collections.abc import Iterable

from django.utils import timezone

from channels_email.models import BouncedAddress
from channels_email.rules import Bounced
from inbox.models import DeliveryAttempt


def of(places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Bounced]:
    """Those of the companies' addresses that mail comes back from, in one query; keys are in lower case."""
    wanted = {(company_id, address.lower()) for company_id, address in places}
    found = BouncedAddress.objects.filter(
        company_id__in={company_id for company_id, _address in wanted},
        address__in={address for _company_id, address in wanted},
    )
    return {(each.company_id, each.address): Bounced(each.at, each.code) for each in found}


def note(attempt: DeliveryAttempt) -> None:
    """Mail to the address of this attempt came back for good."""
    BouncedAddress.objects.update_or_create(
        company_id=attempt.message.conversation.company_id,
        address=attempt.message.recipient.lower(),
        defaults={"code": attempt.error_code, "at": timezone.now()},
    )


def forget(company_id: int, address: str) -> bool:
    """A mail came from it, so it works. True: it was noted until now."""
    return bool(BouncedAddress.objects.filter(company_id=company_id, address=address.lower()).delete()[0])

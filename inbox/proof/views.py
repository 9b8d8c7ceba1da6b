"""The export of a proof of consent: for the company's admins; the audit trail tells of it (A5)."""

import json

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import SignedInRequest, signed_in
from accounts.models import AuditAction
from candidates import downloads, sealing
from candidates.models import Consent
from inbox.proof.gathering import proof_of
from inbox.proof.pages import pdf_of


@signed_in
@require_POST
def export(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """The proof for the address of a consent, as `kind` says: pdf or json."""
    user = request.user
    consent = Consent.objects.filter(pk=pk, company=user.company_id).first() if user.is_company_admin else None
    if consent is None:
        raise Http404
    sealing.seal_company(consent.company_id, now=timezone.now())  # so that the newest event has its seal as well
    proof = proof_of(consent.company_id, consent.address, for_admin=user)
    words = _("the proof of consent of a number (ledger entry %(number)s)") % {"number": consent.pk}
    audit.record(consent.company_id, AuditAction.EXPORTED, by=user, words=words)
    name = f"proof-of-consent-{consent.pk}-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "pdf":
        return downloads.given_out(pdf_of(proof), name=name, content_type="application/pdf")
    text = json.dumps(proof, ensure_ascii=False, indent=1)
    return downloads.given_out(text.encode(), name=name, content_type="application/json")

"""The record's pages: Profile, Emails, and Edit Contact Info. The Messages tab is the inbox's, by URL name."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest, signed_in
from candidates.contact import ContactForm, change_contact
from candidates.models import Consent
from candidates.records import visible_record


@signed_in
def profile(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    record = visible_record(request.user, kind, pk)
    context = {"record": record, "tab": "profile", "team": record.team.select_related("seat")}
    return render(request, "candidates/profile.html", context)


@signed_in
def emails(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    record = visible_record(request.user, kind, pk)
    return render(request, "candidates/emails.html", {"record": record, "tab": "emails"})


@signed_in
def contact(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """The form, as a page of its own or in a dialog; what was typed stays when it is refused."""
    record = visible_record(request.user, kind, pk)
    person = record.candidate
    form = ContactForm(request.POST or None, initial={"phone": person.phone_typed, "email": person.email})
    back = record.messages_url()
    if request.method == "POST" and form.is_valid():
        change_contact(person, phone_typed=form.cleaned_data["phone"], email=form.cleaned_data["email"])
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Trigger": "contact-saved"})
        return HttpResponseRedirect(back)
    consents = Consent.objects.filter(company=person.company, address=person.phone) if person.phone else None
    context = {
        "record": record,
        "form": form,
        "has_consent": bool(consents and consents.exists()),
        "title": _("Edit Contact Info"),
    }
    template = "candidates/_contact_form.html" if request.htmx else "candidates/contact.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    response["Vary"] = "HX-Request"
    return response

"""The record's pages, lists of people, jobs and communities. The Messages tab is the inbox's, by URL name."""

from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, signed_in
from candidates import people, phone_numbers, proposals, records
from candidates.contact import ContactForm, EmailTaken, change_contact
from candidates.models import Application, Community, Consent, ContactProposal, Job, Prospect
from candidates.records import visible_record


@signed_in
def profile(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    record = visible_record(request.user, kind, pk)
    context = {"record": record, "tab": "profile", "team": record.team.select_related("seat")}
    return render(request, "candidates/profile.html", context)


@signed_in
def contact(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """The form, as a page of its own or in a dialog; what was typed stays when it is refused."""
    record = visible_record(request.user, kind, pk)
    person = record.candidate
    known = {"phone": person.phone_typed, "email": person.email, "time_zone": person.time_zone}
    form = ContactForm(request.POST or None, initial=known, home_country=person.company.country)
    back, home = record.messages_url(), person.company.country
    if request.method == "POST" and form.is_valid():
        try:
            change_contact(
                person,
                phone_typed=form.cleaned_data["phone"],
                email=form.cleaned_data["email"],
                time_zone=form.cleaned_data["time_zone"],
            )
        except EmailTaken:
            form.add_error("email", _("Another record at your company has this email. Ask your admin if both are one."))
        else:
            if request.htmx:
                return HttpResponse(status=204, headers={"HX-Trigger": "contact-saved"})
            return HttpResponseRedirect(back)
    consents = Consent.objects.filter(company=person.company, address=person.phone) if person.phone else None
    context = {
        "record": record,
        "form": form,
        "has_consent": bool(consents and consents.exists()),
        "title": _("Edit Contact Info"),
        "home": home,
        "example": phone_numbers.example(phone_numbers.country_of(person.phone) or home),
        "phone_first": not form.errors.get("email"),
    }
    template = "candidates/_contact_form.html" if request.htmx else "candidates/contact.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    response["Vary"] = "HX-Request"
    return response


@signed_in
@require_POST
def withdraw(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """The person took the application back, or left the community; or that was a mistake."""
    record = visible_record(request.user, kind, pk)
    records.set_withdrawn(record, is_withdrawn=request.POST.get("withdrawn") == "yes")
    return HttpResponseRedirect(record.get_absolute_url())


@signed_in
@require_POST
def decide_proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take over what a form said differently, or keep the record as it is (P3)."""
    proposal = ContactProposal.objects.filter(pk=pk).select_related("candidate").first()
    record = records.first_visible_of(request.user, proposal.candidate) if proposal else None
    if proposal is None or record is None:
        raise Http404
    proposals.decide(pk, user=request.user, accept=request.POST.get("accept") == "yes")
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours else record.messages_url())


@signed_in
@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """People, jobs and communities of the user's teams."""
    words = request.GET.get("q", "").strip()[:100]
    number = page_number(request)
    rows, has_more = people.page_of_records(request.user, words=words, number=number)
    context = {
        "words": words,
        "rows": rows,
        "groups": people.groups_called(request.user, words) if words and number == 1 else [],
        "page": number,
        "has_more": has_more,
        "nav": "people",
    }
    return render(request, "candidates/search.html", context)


@signed_in
@require_safe
def jobs(request: SignedInRequest) -> HttpResponse:
    found = Job.objects.visible_to(request.user).annotate(count=Count("applications")).order_by("closed_at", "title")
    return render(request, "candidates/groups.html", {"groups": found, "nav": "jobs"})


@signed_in
@require_safe
def communities(request: SignedInRequest) -> HttpResponse:
    """For SmartCRM subscribers; for others there is no such page (F2)."""
    if not request.user.company or not request.user.company.has_smartcrm:
        raise Http404
    found = Community.objects.visible_to(request.user).annotate(count=Count("prospects")).order_by("closed_at", "name")
    return render(request, "candidates/groups.html", {"groups": found, "nav": "communities"})


@signed_in
@require_safe
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    found = Job.objects.visible_to(request.user).filter(pk=pk).first()
    return group_page(request, found, Application, nav="jobs")


@signed_in
@require_safe
def community(request: SignedInRequest, pk: int) -> HttpResponse:
    found = Community.objects.visible_to(request.user).filter(pk=pk).first()
    return group_page(request, found, Prospect, nav="communities")


def group_page(
    request: SignedInRequest, group: Job | Community | None, kind: type[Application] | type[Prospect], *, nav: str
) -> HttpResponse:
    """A job with its applications, or a community with its prospects."""
    if group is None:
        raise Http404
    number, words = page_number(request), request.GET.get("q", "").strip()[:100]
    rows, has_more = people.page_of_records(request.user, group=group, number=number, words=words)
    of_group = {"job": group} if isinstance(group, Job) else {"community": group}
    context = {
        "group": group,
        "kind": kind.kind,
        "rows": rows,
        "words": words,
        "count": kind.objects.visible_to(request.user).filter(**of_group).count(),
        "team": group.team.filter(is_active=True).select_related("seat").order_by("name"),
        "page": number,
        "has_more": has_more,
        "form_url": request.build_absolute_uri(group.form_url()),
        "nav": nav,
    }
    return render(request, "candidates/group.html", context)


def page_number(request: SignedInRequest) -> int:
    """Which page of a list; the first for anything that is no sensible number."""
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else 1

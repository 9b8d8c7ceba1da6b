"""The way in for people: forms, receipts, consent. Whoever comes here is not signed in."""

import base64
from datetime import timedelta
from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Company
from candidates import ledger_keys, phone_numbers
from candidates.models import Community, ConsentLink, Job, Submission
from candidates.public import descriptions, links, robots, submissions, visitors, withdrawals
from candidates.public.cvs import OneSmallFile
from candidates.public.forms import AgreeForm, ApplicationForm, PersonForm

WAIT_MINUTES = 10  # what the limits in the settings count over
RECEIPT_SHOWN_FOR = timedelta(days=1)


@csrf_exempt  # asked within, where a refusal loses nothing of what was typed
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    job = Job.objects.filter(slug=slug).select_related("company").first()
    if job is None:
        raise Http404
    return public_form(request, job, ApplicationForm)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """A community's form exists for SmartCRM subscribers only (F2)."""
    found = Community.objects.filter(slug=slug, company__has_smartcrm=True).select_related("company").first()
    if found is None:
        raise Http404
    return public_form(request, found, PersonForm)


def public_form(request: HttpRequest, group: Job | Community, kind: type[PersonForm]) -> HttpResponse:
    """Show it, or take it: then a redirect to the receipt, the same for everybody."""
    if group.closed_at:
        return closed(request, group)
    more: dict[str, Any] = form_arguments(request, group.company)
    if request.method != "POST":
        return shown(request, group, kind(None, **more), stamp=robots.stamp(group.slug))
    reader = OneSmallFile(request)
    request.upload_handlers.insert(0, reader)
    if not ratelimit.consume(request, action="public_post"):
        return too_many(request, group, kind(request.POST, **more))
    if issubclass(kind, ApplicationForm):
        more |= {"files": request.FILES, "was_too_big": reader.was_too_big}
    form = kind(request.POST, **more)
    stamp = robots.read(request.POST.get("stamp", ""), group.slug)
    if not form.is_valid():
        return shown(request, group, form, stamp=same_stamp(request, group, stamp), status=422)
    if not visitors.came_from_our_page(request):
        problem = _("Your browser didn't say that this form came from our page. Please press the button once more.")
        return shown(request, group, form, stamp=same_stamp(request, group, stamp), problem=problem, status=403)
    if robots.needs_a_click(request.POST, stamp):
        again = robots.stamp(group.slug, submission=stamp.submission if stamp else None, asks_for_a_click=True)
        return shown(request, group, form, stamp=again, asks_for_a_click=True, status=422)
    if not ratelimit.consume(request, action="public_form", key=f"{type(group).__name__} {group.pk}"):
        return too_many(request, group, form)
    ip = visitors.address(request)
    submission = submissions.submit(group, form.filled(ip=ip, form_id=stamp.submission if stamp else None))
    return HttpResponseRedirect(reverse("receipt", args=[submission.uuid]))


def form_arguments(request: HttpRequest, company: Company) -> dict[str, Any]:
    accepted = request.headers.get("Accept-Language", "")
    return {
        "company": company,
        "language": visitors.language(accepted, company.languages),
        "now": timezone.now(),
    }


def same_stamp(request: HttpRequest, group: Job | Community, stamp: robots.Stamp | None) -> str:
    """The page was opened when it was first shown, however often something was missing."""
    return request.POST["stamp"] if stamp else robots.stamp(group.slug)


def shown(
    request: HttpRequest,
    group: Job | Community,
    form: PersonForm,
    *,
    stamp: str,
    problem: str = "",
    asks_for_a_click: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "group": group,
        "company": group.company,
        "blocks": descriptions.blocks(group.description),
        "form": form,
        "is_job": isinstance(group, Job),
        "stamp": stamp,
        "trap": robots.TRAP,
        "problem": problem,
        "asks_for_a_click": asks_for_a_click,
    }
    response = render(request, "public/form.html", context, status=status)
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def too_many(request: HttpRequest, group: Job | Community, form: PersonForm) -> HttpResponse:
    """Everything that was typed is still there, and the page says when to try again."""
    wait = ngettext("a minute", "%(count)s minutes", WAIT_MINUTES) % {"count": WAIT_MINUTES}
    problem = _(
        "Nothing was sent yet: many forms came from your network, or for this page, within a short time. "
        "Please send it again in %(wait)s. What you typed is still here."
    ) % {"wait": wait}
    stamp = robots.read(request.POST.get("stamp", ""), group.slug)
    again = same_stamp(request, group, stamp)
    response = shown(request, group, form, stamp=again, problem=problem, status=429)
    response["Retry-After"] = str(WAIT_MINUTES * 60)
    return response


def closed(request: HttpRequest, group: Job | Community) -> HttpResponse:
    if isinstance(group, Job):
        title = _("This job takes no more applications")
        text = _("%(about)s at %(company)s is filled or was withdrawn. Whoever applied hears from the team by email.")
    else:
        title = _("Nobody can join here any more")
        text = _("“%(about)s” at %(company)s is closed. Who is in it stays in it.")
    return said(request, group.company, title, text % {"about": group.title, "company": group.company.name})


def said(request: HttpRequest, company: Company | None, title: str, text: str, *, status: int = 410) -> HttpResponse:
    """A page that has only a sentence to say."""
    context = {"company": company, "title": title, "text": text}
    return private(render(request, "public/said.html", context, status=status))


def private(response: HttpResponse) -> HttpResponse:
    """For pages whose address is a secret: kept by no cache and found by no search engine."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def receipt(request: HttpRequest, uuid: Any) -> HttpResponse:
    """What this very submission typed and agreed to, for a day; the mail stays."""
    submission = Submission.objects.filter(uuid=uuid).select_related("company").first()
    if submission is None:
        raise Http404
    if submission.at < timezone.now() - RECEIPT_SHOWN_FOR:
        text = _("It was shown for a day. The mail that we sent you says the same, and has a link to take it back.")
        return said(request, submission.company, _("This receipt is no longer shown"), text)
    context = {
        "submission": submission,
        "company": submission.company,
        "record": submission.record,
        "texts": submission.texts.order_by("pk"),
        "given": withdrawals.given_by(submission),
    }
    return private(render(request, "public/receipt.html", context))


@csrf_exempt  # the address itself is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def consent_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an emailed link (O15). Looking at it changes nothing: mail programs look, too."""
    link = links.find(token)
    if link is None:
        raise Http404
    if not links.is_open(link, now=timezone.now()):
        return used_up(request, link)
    person = link.record.candidate
    form = AgreeForm(
        request.POST if request.method == "POST" else None,
        initial={"phone": person.phone_typed},
        **form_arguments(request, person.company),
    )
    if request.method != "POST":
        return agreeing(request, link, form)
    if not ratelimit.consume(request, action="public_post"):
        return agreeing(request, link, form, problem=_("That was often. Please try again in ten minutes."), status=429)
    if not form.is_valid():
        return agreeing(request, link, form, status=422)
    submission = links.use(token, form.filled(ip=visitors.address(request), email=link.email))
    if submission is None:
        return used_up(request, link)
    return HttpResponseRedirect(reverse("receipt", args=[submission.uuid]))


def agreeing(
    request: HttpRequest, link: ConsentLink, form: AgreeForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "record": link.record,
        "company": link.record.candidate.company,
        "form": form,
        "is_job": link.application_id is not None,
        "problem": problem,
    }
    response = private(render(request, "public/agree.html", context, status=status))
    patch_vary_headers(response, ["Accept-Language"])
    return response


def used_up(request: HttpRequest, link: ConsentLink) -> HttpResponse:
    company = link.record.candidate.company
    text = _(
        "It works once and for two weeks. If you still want to agree to texts, answer an email of %(company)s "
        "and ask for a new link."
    ) % {"company": company.name}
    title = _("This link was used already") if link.used_at else _("This link no longer works")
    return said(request, company, title, text)


@csrf_exempt  # the address itself is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def my_consent(request: HttpRequest, token: str) -> HttpResponse:
    """Where a person's consent stands, and the button that takes it back."""
    submission = withdrawals.submission_of(token)
    if submission is None:
        raise Http404
    if request.method == "POST":
        withdrawals.withdraw(submission, request.POST.get("channel", ""), ip=visitors.address(request))
        return HttpResponseRedirect(reverse("my-consent", args=[token]))
    given = withdrawals.given_by(submission)
    return private(
        render(request, "public/my_consent.html", {"company": submission.company, "given": given, "token": token})
    )


@csrf_exempt  # it looks at a number and keeps nothing
@require_POST
def phone_hint(request: HttpRequest) -> HttpResponse:
    """What is said beside a number while it is being typed. In the body, for addresses are written into logs."""
    context = phone_said(request.POST.get("phone", "")[:60], home=request.POST.get("home", "")[:2])
    response = render(request, "public/_phone_hint.html", context)
    response["Cache-Control"] = "no-store"
    return response


def phone_said(typed: str, *, home: str) -> dict[str, str]:
    """The country and its example; what is wrong, unless more digits may be still to come."""
    try:
        country = phone_numbers.parse(typed, home_country=home).country if typed.strip() else home
    except phone_numbers.BadNumber as bad:
        if bad.reason == phone_numbers.Reason.TOO_FEW_DIGITS:
            return {"country": "", "example": bad.example, "flaw": ""}
        return {"country": "", "example": "", "flaw": bad.sentence()}
    name = phone_numbers.country_name(country) if typed.strip() else ""
    return {"country": name, "example": phone_numbers.example(country), "flaw": ""}


@require_safe
def consent_keys(request: HttpRequest) -> HttpResponse:
    """The public keys by which anybody reads the seals of a consent ledger (O11)."""
    keys = [
        {"name": name, "algorithm": "Ed25519", "public_key": base64.b64encode(key.public_bytes_raw()).decode()}
        for name, key in ledger_keys.public_keys().items()
    ]
    return JsonResponse({"keys": keys})

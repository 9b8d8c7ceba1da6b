"""The pages of the mailboxes: everybody's mail, one mailbox, a conversation, a mail to write. HTML alone will do."""

from collections.abc import Awaitable, Callable
from email.utils import formataddr
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.desk import HEADERS, page
from simulator.jsonapi import is_of_another_site
from simulator.mail.draft import Filled, draft
from simulator.mail.post import Sending, collect, send
from simulator.mail.reading import answer_address, content_of, file_parts, header, parse, text_of
from simulator.mail.store import Mail
from simulator.mail.view import arrived, conversation, inbox, path
from simulator.mail.writing import Attachment, answered_subject, written_by
from simulator.markup import Markup, h, join
from simulator.world import World

MAILS_SHOWN = 50
STRANGERS_SHOWN = 40  # mailboxes that nobody named
FORGED = Sending("forged", authentication="fail", sender="bounces@mail.attacker.example")
CLAIM = "Everybody's mailbox. Nothing here leaves this machine."
Endpoint = Callable[[World, Request], Awaitable[Response]]


def doorway(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """A page of this site: what is in the outbox has arrived, no other site may post, what isn't there is 404."""

    async def serve(request: Request) -> Response:
        world: World = request.app.state.world
        if request.method == "POST" and is_of_another_site(request):
            return PlainTextResponse("Another site may not post this.", status_code=403)
        collect(world)
        try:
            return await endpoint(world, request)
        except LookupError:
            return PlainTextResponse("There is no such mail any more.", status_code=404)

    return serve


async def everybody(world: World, request: Request) -> Response:
    """All mailboxes, and what came last to anybody. With an address it is that mailbox."""
    address = request.query_params.get("address", "").strip().lower()
    if "@" in address:
        return RedirectResponse(path(address), status_code=303)
    now = world.preferences.now()
    mails = [arrived(each, now=now) for each in world.mails.arrived(limit=MAILS_SHOWN)]
    none = h("p", None, "No mail yet. What the product sends to anybody arrives here.")
    return page("Mail", CLAIM, join([_mailboxes(world), h("h3", None, "What came last"), *(mails or [none])]))


async def mailbox(world: World, request: Request) -> Response:
    found = world.mails.mailbox(request.path_params["address"])
    mails = world.mails.of_mailbox(found.address)
    return page(found.title, CLAIM, inbox(found, mails, now=world.preferences.now()))


async def thread(world: World, request: Request) -> Response:
    """A conversation; looking at it is reading it."""
    mail = _mail(world, request.path_params["mail_id"])
    mails = world.mails.of_thread(mail)
    if world.mails.mark_seen(mails):
        world.live.changed()
    texts = {each.id: text_of(parse(world.mails.raw(each.id))) for each in mails}
    found = world.mails.mailbox(mail.mailbox)
    return page(found.title, CLAIM, conversation(found, mails, texts, now=world.preferences.now()))


async def write(world: World, request: Request) -> Response:
    """The form, with what a reply begins with; a new mail most likely goes to who wrote last."""
    found = world.mails.mailbox(request.path_params["address"])
    original = _answered(world, request.query_params.get("answer", ""))
    received = [each for each in world.mails.of_mailbox(found.address) if each.kind == "received"]
    filled = Filled()
    for known in [original] if original else received[-1:]:
        message = parse(world.mails.raw(known.id))
        subject = answered_subject(header(message, "Subject")) if original else ""
        filled = Filled(to=answer_address(message), subject=subject)
    return page(found.title, CLAIM, draft(found, original, filled))


async def sent(world: World, request: Request) -> Response:
    """Put it in the post; the conversation shows how it fares. What can't be sent comes back with the reason."""
    found = world.mails.mailbox(request.path_params["address"])
    form = await request.form()
    original = _answered(world, str(form.get("answer", "")))
    upload = form.get("upload")
    file = None
    if isinstance(upload, UploadFile) and upload.filename:
        kind = upload.content_type or "application/octet-stream"
        file = Attachment(upload.filename, kind, await upload.read())
    filled = Filled.read({name: value for name, value in form.items() if isinstance(value, str)}, file)
    now = world.preferences.now()
    sender = formataddr((found.name, found.address))
    answered = parse(world.mails.raw(original.id)) if original else None
    try:
        letter = written_by(sender, filled.wish(), answered, now=now)
        mail = send(world, letter, FORGED if filled.forged else Sending())
    except ValueError as problem:
        return page(found.title, CLAIM, draft(found, original, filled, problem=str(problem)), status=422)
    return RedirectResponse(path(found.address, "thread", mail.id), status_code=303)


async def switch(world: World, request: Request) -> Response:
    """Turn one of the mailbox's switches."""
    found = world.mails.mailbox(request.path_params["address"])
    form = await request.form()
    switches = {name: form[name] == "1" for name in ("out_of_office", "bounces") if name in form}
    world.mails.put_mailbox(found.switched(switches))
    world.live.changed()
    return RedirectResponse(path(found.address), status_code=303)


async def source(world: World, request: Request) -> Response:
    raw = world.mails.raw(request.path_params["mail_id"])
    return PlainTextResponse(raw.decode("utf-8", "replace"), headers=HEADERS)


async def file(world: World, request: Request) -> Response:
    """An attachment, always as a download: it is whatever somebody sent."""
    parts = file_parts(parse(world.mails.raw(request.path_params["mail_id"])))
    part = parts[request.path_params["place"]]
    name = quote(part.get_filename() or "file")
    headers = {**HEADERS, "Content-Disposition": f"attachment; filename*=utf-8''{name}"}
    return Response(content_of(part), media_type="application/octet-stream", headers=headers)


def _mailboxes(world: World) -> Markup:
    """Those of the people here, and of everybody else the ones in which something happened last."""
    activity = world.mails.activity()
    boxes = world.mails.mailboxes()
    others = sorted((each for each in boxes if not each.name), key=lambda each: activity.get(each.address, (0, 0))[1])
    shown = [*(each for each in boxes if each.name), *reversed(others[-STRANGERS_SHOWN:])]
    rows = [
        h("li", None, h("a", {"href": path(each.address)},
          h("span", None, each.title, h("small", None, each.address if each.name else "")),
          h("span", {"class": "badge"}, str(activity[each.address][0]), h("span", {"class": "vh"}, " new"))
          if activity.get(each.address, (0, 0))[0] else None))
        for each in shown
    ]  # fmt: skip
    any_other = h(
        "form",
        {"class": "desk__open", "method": "get", "action": "/mail"},
        h("div", {"class": "field"}, h("label", {"for": "address"}, "Another mailbox"),
          h("input", {"class": "input", "id": "address", "name": "address", "inputmode": "email", "autocomplete": "off",
                      "placeholder": "somebody@example.com"})),
        h("button", {"class": "btn", "type": "submit"}, "Open"),
    )  # fmt: skip
    return join([h("ul", {"class": "desk__mailboxes"}, *rows), any_other])


def _mail(world: World, mail_id: int) -> Mail:
    """Raises LookupError where there is none."""
    mail = world.mails.get(mail_id)
    if mail is None:
        raise LookupError
    return mail


def _answered(world: World, mail_id: str) -> Mail | None:
    return _mail(world, int(mail_id)) if mail_id.isdecimal() else None


ROUTES = [
    Route("/mail", doorway(everybody)),
    Route("/mail/source/{mail_id:int}", doorway(source)),
    Route("/mail/file/{mail_id:int}/{place:int}", doorway(file)),
    Route("/mail/{address}", doorway(mailbox)),
    Route("/mail/{address}/thread/{mail_id:int}", doorway(thread)),
    Route("/mail/{address}/write", doorway(write)),
    Route("/mail/{address}/write", doorway(sent), methods=["POST"]),
    Route("/mail/{address}/switches", doorway(switch), methods=["POST"]),
]

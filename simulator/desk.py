"""What else a demo needs of the world outside: people's mail, and buying a sending number. Plain pages."""

import email
import email.policy
import html
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.addresses import is_whatsapp
from simulator.directory import Number
from simulator.handset import SECURITY
from simulator.numbering import spaced
from simulator.validation import E164
from simulator.world import World

PAGE = (Path(__file__).parent / "static" / "desk.html").read_text()
POLICY = SECURITY["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'")
HEADERS = {**SECURITY, "Content-Security-Policy": POLICY}
BETWEEN_MAILS = re.compile(r"^-{79}\n", re.MULTILINE)
MAILS_SHOWN = 50
LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Mail:
    """One mail that the product sent, as its recipient reads it."""

    to: str
    subject: str
    date: str
    body: str


def mails(folder: Path) -> list[Mail]:
    """The mails of the product's outbox, the newest first; empty while there is none."""
    files = sorted(folder.glob("*.log")) if folder.is_dir() else []
    texts = (text for file in files for text in BETWEEN_MAILS.split(file.read_text(errors="replace")))
    found = [email.message_from_string(text, policy=email.policy.default) for text in texts if text.strip()]
    found.sort(key=lambda each: str(each["Date"] and parsedate_to_datetime(each["Date"]).isoformat()), reverse=True)
    return [_mail(each) for each in found[:MAILS_SHOWN]]


async def mail(request: Request) -> Response:
    world: World = request.app.state.world
    shown = "".join(_shown(each) for each in mails(world.environment.mail_dir))
    none = "<p>No mail yet. What the product sends to anybody arrives here.</p>"
    return _page("Mail", "Everybody's mailbox. Nothing here leaves this machine.", shown or none)


async def numbers(request: Request) -> Response:
    world: World = request.app.state.world
    return _numbers(world)


async def buy_number(request: Request) -> Response:
    """A number of the account: what it sends from is accepted from now on, and what it gets is passed on."""
    world: World = request.app.state.world
    form = await request.form()
    number = re.sub(r"[\s()\-.]", "", str(form.get("number", "")))
    if not E164.fullmatch(number):
        return _numbers(world, problem="Write the international code first, then digits, for example +1 212 555 0100.")
    if world.directory.number(number) is None:
        world.directory.add_number(Number(number, str(form.get("label", "")).strip(), None, None, None))
        world.live.changed()
    return RedirectResponse("/numbers", status_code=303)


def _numbers(world: World, problem: str = "") -> Response:
    rows = "".join(
        f"<li><b>{html.escape(spaced(each.number))}</b> {html.escape(each.label)}"
        f"{' · WhatsApp' if is_whatsapp(each.number) else ''}</li>"
        for each in world.directory.numbers()
    )
    form = (
        '<form method="post" action="/numbers" class="desk__form">'
        '<div class="field"><label for="number">Number</label>'
        '<input class="input" id="number" name="number" inputmode="tel" placeholder="+1 212 555 0100" required></div>'
        '<div class="field"><label for="label">For whom</label><input class="input" id="label" name="label"></div>'
        f'{f"""<p class="error" role="alert">{html.escape(problem)}</p>""" if problem else ""}'
        '<button class="btn btn--primary" type="submit">Buy the number</button></form>'
    )
    listed = f"<h3>The account's numbers</h3><ul class='desk__list'>{rows}</ul>"
    return _page("Numbers", "The provider's shop for sending numbers.", form + listed, status=422 if problem else 200)


def _page(title: str, claim: str, content: str, *, status: int = 200) -> Response:
    page = PAGE.replace("{title}", title).replace("{claim}", claim).replace("{content}", content)
    return HTMLResponse(page, status_code=status, headers=HEADERS)


def _mail(message: EmailMessage) -> Mail:
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    return Mail(str(message["To"]), str(message["Subject"]), str(message["Date"] or ""), text)


def _shown(each: Mail) -> str:
    escaped = html.escape(each.body, quote=False)
    linked = LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escaped)
    return (
        f'<article class="desk__mail"><header><b>{html.escape(each.subject)}</b>'
        f"<small>to {html.escape(each.to)} · {html.escape(each.date)}</small></header><p>{linked}</p></article>"
    )


ROUTES = [
    Route("/mail", mail),
    Route("/numbers", numbers),
    Route("/numbers", buy_number, methods=["POST"]),
]

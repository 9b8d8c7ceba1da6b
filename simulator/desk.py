"""The plain pages beside the phones: their frame, and the provider's shop for sending numbers."""

import html
import re
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
HEADERS = {**SECURITY, "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}


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
    return page("Numbers", "The provider's shop for sending numbers.", form + listed, status=422 if problem else 200)


def page(title: str, claim: str, content: str, *, status: int = 200) -> Response:
    """`content` is HTML; the title and the claim are texts."""
    given = {"{title}": html.escape(title), "{claim}": html.escape(claim), "{content}": content}
    shown = re.sub(r"\{(title|claim|content)\}", lambda found: given[found[0]], PAGE)
    return HTMLResponse(shown, status_code=status, headers=HEADERS)


ROUTES = [
    Route("/numbers", numbers),
    Route("/numbers", buy_number, methods=["POST"]),
]

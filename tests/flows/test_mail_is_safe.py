"""Strangers' mails in a real browser, without any policy to help: nothing is asked for, nothing runs."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Route

from tests.channels_email.reading.post import NAMES, mail, page, raw

pytestmark = pytest.mark.requirement("Q4")

TRICKS = [  # known ways past sanitizers: what the browser reads isn't what the sanitizer read
    "<svg><style><img src=x onerror=window.ran=1></style></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=window.ran=1&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=window.ran=1>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=window.ran=1></style></mglyph></form>",
    '<svg></p><style><a id="</style><img src=x onerror=window.ran=1>">',
    "<template><style></template><img src=x onerror=window.ran=1></style>",
    "<listing>&lt;img src=x onerror=window.ran=1&gt;</listing><xmp></xmp><img src=x onerror=window.ran=1>",
    '<a href="jav&#x09;ascript:window.ran=1">x</a><a href="&#1;javascript:window.ran=1">y</a>',
    "<select><iframe></select><img src=x: onerror=window.ran=1></iframe></select>",
    '<img src="https://evil.example/a.png" style="x" alt="\'&quot;><script>window.ran=1</script>">',
    "<p style=\"background:url('https://evil.example/a')\">x</p><body background=https://evil.example/b>",
    "<video><source onerror=window.ran=1></video><details open ontoggle=window.ran=1>x</details>",
]


@dataclass
class Seen:
    """What a page did once it was shown."""

    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    ran: bool = False
    names: int = 0


def shown(browser: Browser, html: str) -> Seen:
    """Show HTML as it is, and note whatever comes of it."""
    seen = Seen()

    def refuse(route: Route) -> None:
        seen.requests.append(route.request.url)
        route.abort()

    def dismiss(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    context = browser.new_context()
    try:
        opened = context.new_page()
        opened.route("**/*", refuse)
        opened.on("dialog", dismiss)
        opened.set_content(f"<!doctype html><main>{html}</main>", wait_until="load")
        opened.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seen.ran = bool(opened.evaluate("Boolean(window.ran)"))
        seen.names = int(opened.evaluate("document.querySelectorAll('main [id], main [name]').length"))
    finally:
        context.close()
    return seen


def test_no_mail_asks_for_anything_or_runs_anything(browser: Browser) -> None:
    found = [mail(name) for name in NAMES]
    html = "<hr>".join(each.html + each.quoted_html for each in found)
    assert html.count("<hr>") > 50
    assert shown(browser, html) == Seen()


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_gets_past(browser: Browser, trick: str) -> None:
    assert shown(browser, page(trick).html) == Seen()
    assert shown(browser, page(f"<table><tr><td>{trick}<p>more</td></tr></table>").html) == Seen()


def test_the_same_mail_as_it_came_would_have_done_harm(browser: Browser) -> None:
    """So that the others prove something. Only its redirect is left out: it would end the page that is watched."""
    seen = shown(browser, raw("html-dangers").decode().replace("refresh", "content-language"))
    assert any("evil.example" in request for request in seen.requests)
    assert seen.dialogs
    assert seen.names

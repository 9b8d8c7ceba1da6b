"""Strangers' pages: nothing runs, nothing is loaded, nothing pretends to be ours, and it is still pleasant to read."""

import pytest

from channels_email.reading.links import goes_elsewhere, safe_address
from channels_email.reading.pages import GATE
from tests.channels_email.reading.post import delivered, mail, page
from tests.channels_email.reading.soundness import assert_sound

pytestmark = pytest.mark.requirement("Q4")


def test_of_a_page_full_of_traps_only_words_and_structure_stay() -> None:
    found = mail("html-dangers")
    assert_sound(found)
    for trap in (
        "script>alert(1",
        "onload",
        "onclick",
        "style",
        "javascript:",
        "vbscript:",
        "data:text",
        "srcdoc",
        "ping",
    ):
        assert trap not in found.html
    for trap in (
        "<svg",
        "<math",
        "<iframe",
        "<object",
        "<form",
        "<input",
        "<button",
        "<base",
        "<meta",
        "<link",
        "src=",
    ):
        assert trap not in found.html.replace("data-src=", "")
    for words in ("Visible words", "svg text", "no script", "for the others", "unknown", "The end"):
        assert words in found.text


def test_what_was_hidden_stays_hidden() -> None:
    for words in ("Hidden preheader", "Invisible words", "zero", "hidden attribute", "only for Outlook", "Title"):
        assert words not in mail("html-dangers").html
    assert "Hidden preheader" not in mail("invite-google").text
    assert "Three torches tested\xa0" not in mail("newsletter").html


@pytest.mark.parametrize(
    "style",
    [
        "display: none",
        "DISPLAY:NONE!important",
        "color:red;visibility:hidden",
        "font-size:0",
        "opacity: 0",
        "max-height:0px",
    ],
)
def test_no_style_keeps_hidden_words_in_sight(style: str) -> None:
    assert page(f'<p>Seen</p><p style="{style}">Hidden</p>').text == "Seen"


@pytest.mark.parametrize("style", ["font-size:0.8em", "opacity:0.9", "max-height:0.5em", "border:0", "display:block"])
def test_small_is_not_hidden(style: str) -> None:
    assert page(f'<p style="{style}">Small</p>').text == "Small"


def test_ids_classes_and_names_of_strangers_go() -> None:
    found = page('<a name="x" id="compose" class="mail-image msg" href="https://a.example">a</a><b id="b">b</b>')
    assert found.html == '<a href="https://a.example" rel="noopener noreferrer nofollow">a</a><b>b</b>'


def test_a_stranger_cannot_make_our_own_placeholders() -> None:
    found = page(
        '<span class="mail-image" data-src="https://x.example/">a</span><a class="mail-odd-link" data-host="y">b</a>'
    )
    assert found.html == "ab"


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ('<a href="//x.example">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'),
        ('<a href="https:///x">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'),
        ('<span class="msg" data-src="javascript:alert(1)">a</span>', "<span>a</span>"),
        ('<img src="https://x.example/a.png" onerror="x" alt="a">', '<img alt="a">'),
        ('<p dir="x" style="color:red" id="y" class="z">a</p><script>b</script>', "<p>a</p>"),
        ('<table><tbody><tr><td colspan="99999">a</td></tr></tbody></table>', "<td>a</td>"),
    ],
)
def test_the_gate_lets_nothing_pass_that_the_first_step_might_forget(html: str, left: str) -> None:
    assert left in GATE.clean(html)


def test_a_remote_picture_becomes_a_placeholder_that_names_it() -> None:
    found = page('<img src="https://x.example/a.png?u=1&amp;v=2" alt="A &quot;tree&quot;" width="300">')
    assert found.html == '<span class="mail-image" data-src="https://x.example/a.png?u=1&amp;v=2">A "tree"</span>'


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://x.example/o.gif" width="1" height="1">',
        '<img src="https://x.example/o.gif" height=0>',
        '<img src="https://x.example/o.gif" style="width:1px;height:1px">',
        '<img src="https://x.example/o.gif" style="display:none">',
        '<div style="display:none"><img src="https://x.example/o.gif"></div>',
        '<img srcset="https://x.example/o.gif 2x">',
        '<img src="//x.example/o.gif">',
        '<img src="https:\\\\x.example\\o.gif">',
        '<img src="cid:of-no-file">',
    ],
)
def test_a_picture_that_is_there_to_watch_goes_without_a_trace(image: str) -> None:
    assert page(f"<p>Words</p>{image}").html == "<p>Words</p>"


def test_a_picture_of_the_mail_names_its_attachment() -> None:
    found = mail("outlook-desktop")
    assert '<img data-cid="image001.png@01DBAB3C.0D2C9E50" alt="Contoso">' in found.html
    assert [each.content_id for each in found.attachments if each.is_inline] == ["image001.png@01DBAB3C.0D2C9E50"]


def test_a_picture_within_the_page_becomes_an_attachment() -> None:
    found = page('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="dot"><img src="data:image/svg+xml,<svg>">')
    assert [(each.name, each.content[:6], each.is_inline) for each in found.attachments] == [
        ("picture.gif", b"GIF89a", True)
    ]
    assert found.html == f'<img data-cid="{found.attachments[0].content_id}" alt="dot">'


def test_a_picture_that_no_page_shows_is_a_file_in_the_list() -> None:
    content = (
        b"Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n<p>Words</p>\n"
        b"--r\nContent-Type: image/png\nContent-ID: <lost>\nContent-Disposition: inline\n\nx\n--r--\n"
    )
    assert [each.is_inline for each in delivered(content).attachments] == [False]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("tel:+49 30 1234", "tel:+49301234"),
        (" https://a.example/a b ", "https://a.example/a%20b"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("\x01javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.example", ""),
        ("/logout", ""),
        ("#top", ""),
        ("https:///a", ""),
        ("https://[::1", ""),
        ("https://" + "a" * 5000, ""),
    ],
)
def test_a_link_goes_to_the_web_to_mail_or_to_a_phone(address: str, kept: str) -> None:
    assert safe_address(address) == kept


@pytest.mark.parametrize(
    ("address", "text", "elsewhere"),
    [
        ("https://evil.example/login", "https://www.northwind.example/login", "evil.example"),
        ("https://evil.example", "northwind.example", "evil.example"),
        ("https://northwind.example.evil.example", "northwind.example", "northwind.example.evil.example"),
        ("https://northwind.example@evil.example/", "Sign in", "evil.example"),
        ("https://xn--nrthwind-q4a.example", "northwind.example", "xn--nrthwind-q4a.example"),
        ("mailto:eve@evil.example", "maya@northwind.example", "evil.example"),
        ("https://www.northwind.example/a", "northwind.example", ""),
        ("https://jobs.northwind.example/a", "northwind.example", ""),
        ("https://evil.example", "Click here", ""),
        ("https://drive.example/1", "CV.pdf", ""),
        ("https://drive.example/1", "Node.js", ""),
        ("mailto:maya@northwind.example", "maya@northwind.example", ""),
        ("tel:+4930123", "a.example", ""),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fgood.example%2F&data=1",
            "good.example",
            "",
        ),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2F",
            "good.example",
            "evil.example",
        ),
    ],
)
def test_a_link_whose_text_shows_another_domain_is_marked(address: str, text: str, elsewhere: str) -> None:
    assert goes_elsewhere(address, text) == elsewhere


def test_a_table_of_facts_stays_a_table_and_one_that_lays_out_does_not() -> None:
    html = mail("newsletter").html
    assert html.count("<table>") == 1
    assert "<tr><td>B</td><td></td></tr>" in html


def test_headings_begin_below_those_of_our_page() -> None:
    assert page("<h1>One</h1><h3>Three</h3>").html == "<h4>One</h4><h6>Three</h6>"


def test_letters_that_run_from_right_to_left_do_so() -> None:
    assert page('<p dir="rtl">שלום</p><p dir="bad">x</p>').html == '<p dir="rtl">שלום</p><p>x</p>'


def test_rows_of_empty_lines_become_one() -> None:
    found = page("<br><p>One</p><br><br><br><p>&nbsp;</p><div><br></div><p>Two</p><p> </p><br>")
    assert found.html == "<p>One</p><br><br><p>Two</p>"
    assert found.text == "One\n\nTwo"


def test_structure_becomes_plain_text() -> None:
    found = page(
        "<p>Words <b>bold</b><br>next</p><ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul><ol><li>a<li>b</ol>"
        "<blockquote>said<blockquote>before</blockquote></blockquote><pre>x\n  y</pre>"
        "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td><p>2</p></td></tr></table><p>end</p>"
    )
    assert found.text == (
        "Words bold\nnext\n\n- one\n  - inner\n- two\n\n1. a\n2. b\n\n"
        "> said\n>\n> > before\n\nx\n  y\n\nA\tB\n1\t2\n\nend"
    )


def test_words_of_deep_elements_are_not_lost() -> None:
    assert page("<div>" * 500 + "deep" + "</div>" * 500 + "<p>after</p>").text == "deep\n\nafter"

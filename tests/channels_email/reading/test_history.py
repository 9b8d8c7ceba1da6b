"""What is new in a mail and what is history, by the languages and habits of those who write."""

import pytest

from tests.channels_email.reading.post import page, written

pytestmark = pytest.mark.requirement("Q4")


@pytest.mark.parametrize(
    "introduction",
    [
        "On Tue, 3 Mar 2026 at 10:02, Maya <maya@northwind.example> wrote:",
        "On 3/3/26 10:02, Maya Chen wrote:",
        "Am 03.03.2026 um 10:02 schrieb Maya Chen:",
        "Am Di., 3. März 2026 um 10:02 Uhr schrieb Maya <\nmaya@northwind.example>:",
        "Maya <maya@northwind.example> schrieb am Di., 3. März 2026, 10:02:",
        "Le mar. 3 mars 2026 à 10:02, Maya <maya@northwind.example> a écrit :",
        "Le mar. 3 mars 2026 à 10:02, Maya\u00a0<maya@northwind.example> a écrit\u00a0:",
        "Op di 3 mrt 2026 om 10:02 schreef Maya <maya@northwind.example>:",
        "Op 3 maart 2026 10:02 heeft Maya het volgende geschreven:",
        "Den tis 3 mars 2026 kl 10:02 skrev Maya <maya@northwind.example>:",
        "3 mars 2026 kl. 10:02 skrev Maya <maya@northwind.example>:",
        "El mar, 3 mar 2026 a las 10:02, Maya (<maya@northwind.example>) escribió:",
        "Il giorno mar 3 mar 2026 alle ore 10:02 Maya ha scritto:",
        "2026年3月3日(火) 10:02 Maya <maya@northwind.example>:",
        "On Tue, Mar 3, 2026 at 10:02 AM Northwind Recruiting of Northwind\nGroup <maya@northwind.example>\nwrote:",
    ],
)
@pytest.mark.parametrize("quote", ["> Can you come?\n> Maya", "\n> Can you come?"])
def test_a_quote_is_known_by_the_line_above_it(introduction: str, quote: str) -> None:
    found = written(f"Yes!\n\n{introduction}\n{quote}\n")
    assert found.text == "Yes!"
    assert found.quoted == f"{introduction}\n{quote}".strip()


@pytest.mark.parametrize(
    "head",
    [
        "-----Original Message-----\nFrom: Maya",
        "-------- Ursprüngliche Nachricht --------\nVon: Maya",
        "----- Message d'origine -----\nDe : Maya",
        "________________________________\nFrom: Maya <m@n.example>\nSent: Tuesday\nTo: Anna\nSubject: Job",
        "Von: Maya <m@n.example>\nGesendet: Dienstag\nAn: Anna\nBetreff: Job",
        "De : Maya <m@n.example>\nEnvoyé : mardi\nÀ : Anna\nObjet : Job",
        "Van: Maya <m@n.example>\nVerzonden: dinsdag\nAan: Anna\nOnderwerp: Job",
        "Från: Maya <m@n.example>\nSkickat: tisdag\nTill: Anna\nÄmne: Job",
        "De: Maya <m@n.example>\nEnviado el: martes\nPara: Anna\nAsunto: Job",
        "*From:* Maya <m@n.example>\n*Sent:* Tuesday\n*To:* Anna\n*Subject:* Job",
        "On Tue, 3 Mar 2026 at 10:02, Maya <maya@northwind.example> wrote:",
    ],
)
def test_a_head_above_the_earlier_mail_opens_the_history(head: str) -> None:
    found = written(f"Yes!\n\n{head}\n\nCan you come?\n")
    assert found.text == "Yes!"
    assert found.quoted == f"{head}\n\nCan you come?"


@pytest.mark.parametrize(
    "text",
    [
        "As my teacher wrote: practice!\nSo I do.",
        "On 3 March my teacher wrote:\nPractice!",
        "From: Berlin\nTo: Munich\nDate: 3 March\n\nIs the trip paid?",
        "He said\n\n-----\n\nnothing",
        "I worked for 3 years. Am 1. April schrieb ich mich ein: Abendschule.",
        "Forwarded message of my heart",
        "-- \nAnna\n+46 70 123",
    ],
)
def test_what_only_looks_like_a_quote_is_not_taken_away(text: str) -> None:
    found = written(text)
    assert found.text.split() == text.split()
    assert found.quoted == ""


def test_answers_between_quotes_keep_their_questions() -> None:
    text = "> When?\n\nTuesday.\n\n> Where?\n\nAt your place."
    assert written(text).text == text


def test_one_quote_above_the_answer_is_history() -> None:
    found = written("On 3/3/26 10:02, Maya wrote:\n> When?\n> Where?\n\nTuesday, here.\n\n-- \nAnna")
    assert found.text == "Tuesday, here.\n\n--\nAnna"
    assert found.quoted == "On 3/3/26 10:02, Maya wrote:\n> When?\n> Where?"


def test_a_blank_line_does_not_make_two_quotes_of_one() -> None:
    found = written("On 3/3/26 10:02, Maya wrote:\n> When?\n\n> Where?\n\nTuesday, here.")
    assert found.text == "Tuesday, here."
    assert found.quoted.endswith("> Where?")


def test_a_footer_below_the_history_stays_in_sight() -> None:
    found = written("Yes!\n\nOn 3/3/26 10:02, Maya wrote:\n> Can you?\n\nThis email is confidential.")
    assert found.text == "Yes!\n\n\nThis email is confidential."
    assert found.quoted.startswith("On 3/3/26")


def test_a_mail_without_new_words_is_shown_whole() -> None:
    text = "On 3/3/26 10:02, Maya wrote:\n> Can you?"
    assert (written(text).text, written(text).quoted) == (text, "")


@pytest.mark.parametrize("subject", ["Fwd: Job", "FW: Job", "WG: Job", "TR : Job", "RV: Job", "VB: Job", "Doorst: Job"])
def test_a_mail_that_is_passed_on_is_content(subject: str) -> None:
    text = "See below.\n\nFrom: Bo <bo@ek.example>\nSent: Tuesday\nTo: Anna\nSubject: Job\n\nShe is good."
    assert written(text, headers=f"Subject: {subject}\n").text == text
    assert written(text, headers="Subject: Re: Fwd: Job\n").text == "See below."


def test_inside_gmails_quote_the_answers_between_stay() -> None:
    found = page(
        '<div dir="ltr">Hi,<div class="gmail_quote"><div class="gmail_attr">On Tue wrote:<br></div>'
        '<blockquote class="gmail_quote">When?</blockquote><div>Tuesday.</div>'
        '<blockquote class="gmail_quote">Where?</blockquote><div>Here.</div></div></div>'
    )
    assert found.text == "Hi,\nOn Tue wrote:\n\n> When?\n\nTuesday.\n\n> Where?\n\nHere."
    assert found.quoted == ""


def test_a_table_keeps_its_empty_cells_when_the_history_is_taken_away() -> None:
    table = "<table><tbody><tr><td>A</td><td></td></tr><tr><td></td><td>B</td></tr></tbody></table>"
    assert page(f'{table}<blockquote type="cite">Old</blockquote>').html == table


def test_gmails_quote_is_known_in_whatever_language_it_is_introduced() -> None:
    found = page(
        '<p>New</p><div class="gmail_quote">Maya kirjoitti:<br><blockquote class="quote">Old</blockquote></div>'
    )
    assert found.quoted == "> Old"


def test_an_indented_paragraph_is_no_history() -> None:
    html = "<p>My motto:</p><blockquote>Measure twice, cut once.</blockquote>"
    assert page(html).html == html


@pytest.mark.parametrize(
    "quote",
    [
        '<div id="divRplyFwdMsg"><b>Från:</b> Maya</div><p>Old</p>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">Fra: Maya</div><p>Old</p>',
        '<blockquote type="cite"><p>Old</p></blockquote>',
        '<div class="protonmail_quote">On Tue Maya wrote:<blockquote>Old</blockquote></div>',
        '<div id="mail-editor-reference-message-container"><div>Old</div></div>',
        '<div name="quote"><div>Old</div></div>',
        '<div class="yahoo_quoted" id="yahoo_quoted_1"><div>Old</div></div>',
        "<div>On Tue, 3 Mar 2026 10:02 Maya wrote:</div><blockquote>Old</blockquote>",
    ],
)
def test_each_program_marks_its_history_its_own_way(quote: str) -> None:
    found = page(f"<p>New</p>{quote}")
    assert found.text == "New"
    assert found.html == "<p>New</p>"
    assert found.quoted.endswith("Old")


def test_flowed_lines_are_joined_and_quotes_stay_apart() -> None:
    text = "One long \nline.\nNext\n>> deep \n>> quote\n> quote\n-- \nAnna"
    assert written(text, content_type="text/plain; format=flowed").text.startswith(
        "One long line.\nNext\n>> deep quote\n> quote"
    )
    assert written("a \nb\n", content_type="text/plain; format=flowed; delsp=yes").text == "ab"

"""The form in which a person writes a mail, and what was filled in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simulator.mail.programs import GMAIL, PROGRAMS
from simulator.mail.reading import addresses_in, parse
from simulator.mail.store import Mail, Mailbox
from simulator.mail.view import back_link, path, screen
from simulator.mail.writing import Attachment, Wish, file_of, picture
from simulator.markup import Markup, h, icon

FILES = (("", "Nothing"), ("picture", "A small picture"), ("file", "A file of the size below"))
FORMS = (("both", "Text and HTML"), ("text", "Text only"), ("html", "HTML, as I write it"))
WHOM = "Write the address that it goes to, for example maya@northwind.example."


@dataclass(frozen=True)
class Filled:
    """The form's fields as they came; `upload` is a file of the reader's own."""

    to: str = ""
    subject: str = ""
    words: str = ""
    program: str = GMAIL.key
    form: str = "both"
    attach: str = ""
    size: str = "200"
    forged: str = ""
    upload: Attachment | None = None

    @classmethod
    def read(cls, form: Mapping[str, object], upload: Attachment | None) -> "Filled":
        names = ("to", "subject", "words", "program", "form", "attach", "size", "forged")
        return cls(**{name: str(form[name]) for name in names if name in form}, upload=upload)

    def wish(self) -> Wish:
        """Raises ValueError, with words for the reader, for what can't be sent."""
        recipient = next(iter(addresses_in(parse(f"To: {self.to}\n\n".encode()), "To")), "")
        if not recipient or self.program not in PROGRAMS:
            raise ValueError(WHOM)
        files = [each for each in [self._made(), self.upload] if each]
        return Wish(self.words, recipient, self.subject, self.form, PROGRAMS[self.program], tuple(files))

    def _made(self) -> Attachment | None:
        if self.attach == "picture":
            return picture()
        if self.attach != "file":
            return None
        if not self.size.isdecimal():
            raise ValueError("Write the size of the file as a number of kilobytes.")
        return file_of("portfolio.pdf", int(self.size) * 1000)


def draft(mailbox: Mailbox, original: Mail | None, filled: Filled, *, problem: str = "") -> Markup:
    first = mailbox.title.split("@")[0].split(" ")[0]
    fields = _Fields(mailbox, filled)
    how = h(
        "details",
        {"class": "mail__how", "open": bool(problem)},
        h("summary", None, "Program, attachment, forgery"),
        h(
            "div",
            None,
            fields.select("program", "Written with", [(each.key, each.label) for each in PROGRAMS.values()]),
            fields.select("form", "Format", FORMS),
            fields.select("attach", "Attachment", FILES),
            fields.text("size", "Its size in kB", inputmode="numeric"),
            fields.labelled("upload", "Or one of your files", h("input", fields.about("upload", type="file"))),
            fields.check("forged", f"Forged: somebody else sends it in {first}’s name, and DMARC fails"),
        ),
    )
    form = h(
        "form",
        {
            "class": "mail__draft",
            "method": "post",
            "action": path(mailbox.address, "write"),
            "enctype": "multipart/form-data",
        },
        h("input", {"type": "hidden", "name": "answer", "value": str(original.id) if original else ""}),
        h("p", {"class": "error", "role": "alert"}, problem) if problem else None,
        fields.text("to", "To", inputmode="email"),
        fields.text("subject", "Subject"),
        fields.labelled("words", f"Mail as {first}", h("textarea", fields.about("words", rows="7"), filled.words)),
        how,
        h("button", {"class": "btn btn--send", "type": "submit"}, icon("send"), f"Send as {first}"),
    )
    back = back_link(mailbox, "Conversation", path(mailbox.address, "thread", original.id)) if original else None
    title = h("div", None, h("h3", None, "Reply" if original else "New mail"))
    head = h("header", {"class": "mail__head"}, back or back_link(mailbox, "All mail"), title)
    return screen(mailbox, head, form, is_draft=True)


class _Fields:
    """Labelled fields whose ids are this mailbox's own: several may be open side by side."""

    def __init__(self, mailbox: Mailbox, filled: Filled) -> None:
        self._prefix = f"mail-{re.sub('[^a-z0-9]', '-', mailbox.address)}"
        self._filled = filled

    def about(self, name: str, **more: str | bool) -> dict[str, str | bool | None]:
        return {"class": "input", "id": f"{self._prefix}-{name}", "name": name, **more}

    def labelled(self, name: str, label: str, control: Markup) -> Markup:
        return h("div", {"class": "field"}, h("label", {"for": f"{self._prefix}-{name}"}, label), control)

    def text(self, name: str, label: str, **more: str | bool) -> Markup:
        value: str = getattr(self._filled, name)
        return self.labelled(name, label, h("input", self.about(name, value=value, autocomplete="off", **more)))

    def select(self, name: str, label: str, options: Iterable[tuple[str, str]]) -> Markup:
        chosen = getattr(self._filled, name)
        rows = [h("option", {"value": value, "selected": value == chosen}, words) for value, words in options]
        return self.labelled(name, label, h("select", self.about(name), *rows))

    def check(self, name: str, label: str) -> Markup:
        is_on = getattr(self._filled, name) == "1"
        box = h(
            "input", {"type": "checkbox", "id": f"{self._prefix}-{name}", "name": name, "value": "1", "checked": is_on}
        )
        return h("div", {"class": "choice"}, box, h("label", {"for": f"{self._prefix}-{name}"}, label))

"""What the thread shows of letters, beside their words."""

from collections.abc import Sequence

from channels_email.composing import subject_of
from channels_email.formatting import as_html
from inbox.channels import Letter
from inbox.models import Message


def shown(messages: Sequence[Message]) -> dict[int, Letter]:
    return {each.pk: Letter(subject_of(each), html=as_html(each.body)) for each in messages if each.is_out}

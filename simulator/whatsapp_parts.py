"""What a person's WhatsApp message holds beside its text. Stored with it, so that a repeated webhook is the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from simulator.messages import Message, new_sid

MOST_BYTES = 100_000_000
KEYS = ("reply_to", "button", "location", "media", "message_type", "profile_name")
KINDS = ("image", "audio", "video")  # of media, as WhatsApp names them; all others are documents


@dataclass(frozen=True)
class Medium:
    """A file that came along. There is no real one: `content` makes up its bytes."""

    sid: str
    content_type: str
    size: int

    def content(self) -> bytes:
        """The same junk whenever it is asked for, of the promised length."""
        block = hashlib.sha256(self.sid.encode()).digest()
        return (block * (self.size // len(block) + 1))[: self.size]


@dataclass(frozen=True)
class Parts:
    """`reply_to` is the sid of the message that is answered; `button` has `text` and `payload`, `location` has
    `latitude`, `longitude`, `label` and `address`. `profile_name` None: the name of the phone's owner."""

    reply_to: str | None = None
    button: Mapping[str, str] | None = None
    location: Mapping[str, Any] | None = None
    media: tuple[Medium, ...] = ()
    message_type: str | None = None
    profile_name: str | None = None

    @classmethod
    def read(cls, wishes: Mapping[str, Any]) -> Self:
        """From what was posted. Raises ValueError for what can't be, KeyError for what is missing."""
        button, location = wishes.get("button"), wishes.get("location")
        if button is not None and set(button) - {"text", "payload"}:
            raise ValueError("`button` has `text` and `payload`.")
        if location is not None and set(location) - {"latitude", "longitude", "label", "address"}:
            raise ValueError("`location` has `latitude`, `longitude`, `label` and `address`.")
        return cls(
            reply_to=wishes.get("reply_to"),
            button=button and {"text": button["text"], "payload": button.get("payload", "")},
            location=location and {"latitude": location["latitude"], "longitude": location["longitude"], **location},
            media=tuple(_medium(each) for each in wishes.get("media") or ()),
            message_type=wishes.get("message_type"),
            profile_name=wishes.get("profile_name"),
        )

    @classmethod
    def of(cls, message: Message) -> Self:
        stored = json.loads(message.parts)
        media = tuple(Medium(**each) for each in stored.pop("media", ()))
        return cls(**stored, media=media)

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}

    @property
    def kind(self) -> str:
        """WhatsApp's word for the message."""
        if self.message_type:
            return self.message_type
        if self.button:
            return "interactive"
        if self.location:
            return "location"
        if not self.media:
            return "text"
        kind = self.media[0].content_type.partition("/")[0]
        return kind if kind in KINDS else "document"

    @property
    def own_text(self) -> str:
        """The text that it has without one being written: a tapped button's."""
        return self.button["text"] if self.button else ""


def _medium(wish: Mapping[str, Any]) -> Medium:
    if set(wish) - {"content_type", "bytes"}:
        raise ValueError("A medium has `content_type` and `bytes`.")
    size = int(wish.get("bytes", 1000))
    if not 0 <= size <= MOST_BYTES:
        raise ValueError(f"`bytes` is from 0 to {MOST_BYTES}.")
    return Medium(sid=new_sid("ME"), content_type=str(wish.get("content_type", "image/jpeg")), size=size)

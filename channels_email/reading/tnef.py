"""winmail.dat: the wrapping that Outlook and Exchange put around files when they write "rich text" (TNEF).

Own code, for the one library in Python (tnefparse) has had no release since January 2021. Read are the files with
their names and types, and the plain text; formatting is not. Source: Microsoft, [MS-OXTNEF] and [MS-OXCDATA].
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = 0x223E9F78
ATTRIBUTE = struct.Struct("<BIi")  # level; type and id; length
MOST_ATTRIBUTES = 5000
MOST_FILES = 200

BODY, FILE_BEGINS, FILE_TITLE, FILE_DATA, FILE_PROPERTIES, CODE_PAGE = 0x800C, 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
LONG_NAME, NAME, TYPE, CONTENT_ID, DATA = 0x3707, 0x3704, 0x370E, 0x3712, 0x3701
FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
TEXT, UNICODE, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x102
MANY = 0x1000
GUID_BYTES = 16


class NotTnef(ValueError):
    """Bytes that are no TNEF, or end before they should."""


@dataclass
class File:
    name: str = ""
    content_type: str = ""
    content_id: str = ""
    content: bytes = b""


def unpack(data: bytes) -> tuple[list[File], str]:
    """The files within, and the plain text (often empty). Raises NotTnef."""
    try:
        if struct.unpack_from("<I", data)[0] != SIGNATURE:
            raise NotTnef
        return _unpack(data)
    except (struct.error, IndexError) as error:
        raise NotTnef from error


def _unpack(data: bytes) -> tuple[list[File], str]:
    files: list[File] = []
    text, code_page = "", "cp1252"
    for name, value in _attributes(data):
        if name == CODE_PAGE and len(value) >= 4:
            code_page = _codec(struct.unpack_from("<I", value)[0])
        elif name == BODY:
            text = _decoded(value, code_page)
        elif name == FILE_BEGINS and len(files) < MOST_FILES:
            files.append(File())
        elif files and name == FILE_TITLE:
            files[-1].name = files[-1].name or _decoded(value, code_page)
        elif files and name == FILE_DATA:
            files[-1].content = bytes(value)
        elif files and name == FILE_PROPERTIES:
            _describe(files[-1], value, code_page)
    return [file for file in files if file.content], text


def _attributes(data: bytes) -> Iterator[tuple[int, memoryview]]:
    """Id and value of each attribute. Their checksums are not asked: nobody writes them alike."""
    view, position = memoryview(data), 6  # after signature and key
    for _ in range(MOST_ATTRIBUTES):
        if position >= len(view):
            return
        _, kind, length = ATTRIBUTE.unpack_from(view, position)
        position += ATTRIBUTE.size
        if length < 0 or position + length > len(view):
            raise NotTnef
        yield kind & 0xFFFF, view[position : position + length]
        position += length + 2


def _describe(file: File, value: memoryview, code_page: str) -> None:
    """What a file's MAPI properties tell: its long name before its short one, its type, its place in the text."""
    for kind, name, data in _properties(value):
        text = _decoded(data, "utf-16-le" if kind == UNICODE else code_page)
        if name == LONG_NAME and text:
            file.name = text
        elif name == NAME:
            file.name = file.name or text
        elif name == TYPE:
            file.content_type = text
        elif name == CONTENT_ID:
            file.content_id = text
        elif name == DATA and not file.content:
            file.content = bytes(data[GUID_BYTES:] if kind == OBJECT else data)


def _properties(view: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Kind, id and value of each property; of several values the first."""
    (count,), position = struct.unpack_from("<I", view), 4
    for _ in range(min(count, MOST_ATTRIBUTES)):
        kind, name = struct.unpack_from("<HH", view, position)
        position += 4
        if name >= 0x8000:  # a named property: a GUID, then a number, or a text with its length
            is_text, length = struct.unpack_from("<II", view, position + GUID_BYTES)
            position += GUID_BYTES + 8 + (_padded(length) if is_text else 0)
        values, position = _values(view, position, kind)
        if values:
            yield kind & ~MANY, name, values[0]


def _values(view: memoryview, position: int, kind: int) -> tuple[list[memoryview], int]:
    single, number = kind & ~MANY, 1
    if kind & MANY or single in {TEXT, UNICODE, OBJECT, BINARY}:
        (number,), position = struct.unpack_from("<I", view, position), position + 4
    values = []
    for _ in range(min(number, MOST_ATTRIBUTES)):
        if single in FIXED:
            size = length = FIXED[single]
        elif single in {TEXT, UNICODE, OBJECT, BINARY}:
            (length,), position = struct.unpack_from("<I", view, position), position + 4
            size = _padded(length)
        else:
            raise NotTnef
        if position + length > len(view):
            raise NotTnef
        values.append(view[position : position + length])
        position += size
    return values, position


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4


def _codec(number: int) -> str:
    return {65001: "utf-8", 932: "cp932", 936: "gb18030", 949: "cp949", 950: "cp950"}.get(
        number, f"cp{number}" if number == 874 or 1250 <= number <= 1258 else "cp1252"
    )


def _decoded(value: memoryview, codec: str) -> str:
    text = bytes(value[: 1 << 20]).decode(codec, "replace")
    return text.rstrip("\x00")

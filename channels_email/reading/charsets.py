"""Bytes to text, whatever the mail says they are."""

import re
import unicodedata

from channels_email.reading.mail import Problem

# What mails call a charset, and the superset that they mean by it (WHATWG Encoding Standard, "Names and labels"). The
# only codecs that are ever asked: Python has others, which a stranger should not get to choose.
CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "ansi": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-7": "utf-7",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "macintosh": "mac_roman",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cp932": "cp932",
    "ms_kanji": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-2022-kr": "iso2022_kr",
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"windows-125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
    **{f"cp-{n}": f"cp{n}" for n in (437, 850, 852, 866)},
    **{f"ibm{n}": f"cp{n}" for n in (437, 850, 852, 866)},
}
CLAIM_NOTHING = {"us-ascii", "ascii", "ansi_x3.4-1968", "ansi"}  # what programs write that never looked at the text
META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff]")
JOINERS = "\u200c\u200d"  # Persian and Indian scripts and emoji need them
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode(data: bytes, declared: str, problems: set[Problem]) -> str:
    """The text of these bytes. `declared`: the charset that the mail names, or empty. Line ends become "\\n"."""
    codec, is_sure = _codec_of(data, declared.strip().strip("\"'").lower())
    try:
        text = data.decode(codec)
    except ValueError:
        is_sure = False
        text = data.decode("cp1252" if codec == "utf-8" and _is_one_byte(data) else codec, errors="replace")
    if not is_sure:
        problems.add(Problem.CHARSET)
    return clean(text)


def declared_in_html(data: bytes) -> str:
    """The charset that a page names in its head, for a part that names none."""
    found = META.search(data[:2048])
    return found[1].decode("ascii", "replace") if found else ""


def clean(text: str) -> str:
    """The text without what no person typed: controls, lone surrogates, byte order marks; line ends as "\\n"."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n"))


def one_line(text: str, *, most: int) -> str:
    """For headers, names and the like: on one line, spaces joined, without invisible signs that turn or hide text."""
    seen = "".join(c for c in text[: most * 4] if unicodedata.category(c) != "Cf" or c in JOINERS)
    return " ".join(clean(seen).split())[:most].rstrip()


def _codec_of(data: bytes, label: str) -> tuple[str, bool]:
    """The codec to try, and whether that is more than a guess."""
    for mark, codec in MARKS:
        if data.startswith(mark):
            return codec, True
    if label in CODECS and label not in CLAIM_NOTHING:
        return CODECS[label], True
    if b"\x1b$" in data or b"\x1b(J" in data:
        return "iso2022_jp_ext", True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252", False
    return "utf-8", True


def _is_one_byte(data: bytes) -> bool:
    """Whether what claims to be UTF-8 is rather Windows-1252: most of its special letters don't fit UTF-8."""
    special = sum(byte >= 0x80 for byte in data[:65536])
    return special > 0 and data[:65536].decode("utf-8", "replace").count("\ufffd") * 2 > special

"""The one SQLite file that holds everything, so that a restart loses nothing.

There is no copy of the state in memory and no writer thread: each request commits in the event loop's own
thread before it is answered. With a write-ahead log and `synchronous=OFF` that costs some 50 microseconds,
and a `kill -9` loses no commit, because the written pages are the operating system's by then. Only a power
cut could lose the last ones, which a stand-in may.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL UNIQUE,
    direction TEXT NOT NULL,
    sender TEXT,
    recipient TEXT NOT NULL,
    text TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    error_code INTEGER,
    num_segments INTEGER NOT NULL,
    num_media INTEGER NOT NULL,
    service_sid TEXT,
    status_callback TEXT,
    created REAL NOT NULL,
    sent REAL,
    updated REAL NOT NULL,
    arrived REAL,
    seen INTEGER NOT NULL DEFAULT 0,
    hook_status INTEGER,
    hook_error TEXT,
    deleted INTEGER NOT NULL DEFAULT 0,
    content_sid TEXT,
    parts TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS messages_by_recipient ON messages (recipient, id);
CREATE INDEX IF NOT EXISTS messages_by_sender ON messages (sender, id);
CREATE TABLE IF NOT EXISTS steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    due REAL NOT NULL,
    sid TEXT NOT NULL,
    status TEXT NOT NULL,
    error_code INTEGER,
    moves INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    signature TEXT NOT NULL,
    extra TEXT NOT NULL,
    token TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS steps_by_message ON steps (sid);
CREATE TABLE IF NOT EXISTS rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tag TEXT NOT NULL,
    note TEXT NOT NULL,
    spec TEXT NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0,
    applied INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS optouts (
    person TEXT NOT NULL,
    sender TEXT NOT NULL,
    since REAL NOT NULL,
    PRIMARY KEY (person, sender)
);
CREATE TABLE IF NOT EXISTS numbers (
    number TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    service TEXT,
    sms_url TEXT,
    fallback_url TEXT
);
CREATE TABLE IF NOT EXISTS phones (
    number TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    typed TEXT NOT NULL,
    landline INTEGER NOT NULL DEFAULT 0,
    whatsapp INTEGER NOT NULL DEFAULT 1,
    read_receipts INTEGER NOT NULL DEFAULT 1,
    user_id TEXT,
    number_withheld INTEGER NOT NULL DEFAULT 0,
    wa_id TEXT
);
CREATE TABLE IF NOT EXISTS blocks (
    person TEXT NOT NULL,
    sender TEXT NOT NULL,
    since REAL NOT NULL,
    PRIMARY KEY (person, sender)
);
CREATE TABLE IF NOT EXISTS templates (
    sid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    body TEXT NOT NULL,
    examples TEXT NOT NULL,
    category TEXT NOT NULL,
    status TEXT NOT NULL,
    rejection_reason TEXT NOT NULL,
    approved_at REAL,
    created REAL NOT NULL,
    updated REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    url TEXT NOT NULL,
    params TEXT NOT NULL,
    status INTEGER,
    latency_ms REAL,
    sid TEXT,
    sender TEXT,
    recipient TEXT,
    fault TEXT,
    error_code INTEGER,
    content_type TEXT,
    body TEXT
);
CREATE INDEX IF NOT EXISTS journal_by_kind ON journal (kind, id);
CREATE TABLE IF NOT EXISTS mailboxes (
    address TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT,
    out_of_office INTEGER NOT NULL DEFAULT 0,
    bounces INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox TEXT NOT NULL,
    kind TEXT NOT NULL,
    at REAL NOT NULL,
    message_id TEXT NOT NULL,
    thread TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    files TEXT NOT NULL,
    seen INTEGER NOT NULL,
    envelope TEXT NOT NULL,
    due REAL,
    attempts INTEGER NOT NULL DEFAULT 0,
    hook_status INTEGER,
    hook_error TEXT,
    raw BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS mails_by_mailbox ON mails (mailbox, id);
CREATE INDEX IF NOT EXISTS mails_by_message_id ON mails (message_id);
CREATE INDEX IF NOT EXISTS mails_due ON mails (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS mail_files (name TEXT PRIMARY KEY, consumed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS told_of_absence (mailbox TEXT NOT NULL, sender TEXT NOT NULL, PRIMARY KEY (mailbox, sender));
CREATE TABLE IF NOT EXISTS preferences (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# what a file of an older simulator lacks: (table, column, what it is)
LATER_COLUMNS = (
    ("messages", "content_sid", "TEXT"),
    ("messages", "parts", "TEXT NOT NULL DEFAULT '{}'"),
    ("phones", "whatsapp", "INTEGER NOT NULL DEFAULT 1"),
    ("phones", "read_receipts", "INTEGER NOT NULL DEFAULT 1"),
    ("phones", "user_id", "TEXT"),
    ("phones", "number_withheld", "INTEGER NOT NULL DEFAULT 0"),
    ("phones", "wa_id", "TEXT"),
)


def open_database(folder: Path) -> sqlite3.Connection:
    """Open (or make) the file; waits up to 5 s for a process that is just ending.

    Raises sqlite3.OperationalError where another simulator holds it: two would send everything twice.
    """
    folder.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(folder / "simulator.sqlite3", isolation_level=None, timeout=5)
    db.execute("PRAGMA locking_mode=EXCLUSIVE")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=OFF")
    db.executescript(SCHEMA)
    _add_later_columns(db)
    return db


def take_first_time(db: sqlite3.Connection) -> bool:
    """Whether this file is new, or of a simulator without WhatsApp. True once only: from now on it is neither."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    db.execute("PRAGMA user_version = 1")
    return int(version) < 1


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; inside another one it joins it. Never await within: the connection is shared."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _add_later_columns(db: sqlite3.Connection) -> None:
    """Columns at the end, in the order of the schema, so that a row reads the same in an old file and in a new one."""
    for table, column, kind in LATER_COLUMNS:
        known = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        if column not in known:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

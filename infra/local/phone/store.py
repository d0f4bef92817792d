"""The messages, the phones and who opted out, kept in one SQLite file."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS phones (
    address TEXT PRIMARY KEY, name TEXT NOT NULL, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS opt_outs (address TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL UNIQUE,
    phone TEXT NOT NULL,
    direction TEXT NOT NULL,
    sender TEXT,
    recipient TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    num_segments INTEGER NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    sent_at REAL,
    error_code INTEGER,
    media TEXT NOT NULL,
    messaging_service_sid TEXT,
    content_sid TEXT,
    status_callback TEXT NOT NULL,
    webhook_status INTEGER,
    webhook_error TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_of_phone ON messages (phone, seq);
CREATE TABLE IF NOT EXISTS media (
    sid TEXT PRIMARY KEY, message_sid TEXT NOT NULL, content_type TEXT NOT NULL,
    content BLOB NOT NULL);
"""
_OPEN_STATUSES = ("accepted", "queued", "sent", "receiving")


@dataclass(frozen=True)
class Phone:
    """A customer's phone on the page."""

    address: str
    name: str
    created_at: float
    opted_out: bool = False


@dataclass(frozen=True)
class Media:
    """A picture or file of a message: where it is, and what it is."""

    sid: str
    content_type: str
    url: str


@dataclass(frozen=True)
class Message:
    """A message in either direction. `phone` is the customer's address."""

    sid: str
    phone: str
    direction: str
    sender: str | None
    recipient: str
    body: str
    status: str
    num_segments: int
    created_at: float
    updated_at: float
    sent_at: float | None = None
    error_code: int | None = None
    media: tuple[Media, ...] = ()
    messaging_service_sid: str | None = None
    content_sid: str | None = None
    status_callback: str = ""
    webhook_status: int | None = None
    webhook_error: str = ""
    seq: int = 0


@dataclass(frozen=True)
class MessageFilter:
    """Which messages to list; empty fields match everything."""

    phone: str = ""
    recipient: str = ""
    sender: str = ""


class PhoneStore:
    """Thread-safe storage that tells waiting readers when something changed.

    Statements are put together from names in this file only; values are always bound.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(
            folder / "phone.sqlite3", check_same_thread=False, isolation_level=None
        )
        self._database.row_factory = sqlite3.Row
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        self._database.executescript(_SCHEMA)
        self._changed = threading.Condition(threading.RLock())
        self._changes = 0
        self._closed = False

    def close(self) -> None:
        """Wake everyone who waits and close the file."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._database.close()

    # Phones

    def phones(self) -> list[Phone]:
        """Return all phones, oldest first."""
        rows = self._read(
            "SELECT phones.*, opt_outs.address IS NOT NULL AS opted_out FROM phones"
            " LEFT JOIN opt_outs USING (address) ORDER BY created_at"
        )
        return [Phone(**{**dict(row), "opted_out": bool(row["opted_out"])}) for row in rows]

    def phone(self, address: str) -> Phone | None:
        """Return one phone."""
        return next((phone for phone in self.phones() if phone.address == address), None)

    def add_phone(self, address: str, name: str) -> bool:
        """Add a phone; return whether it was new."""
        with self._write() as database:
            cursor = database.execute(
                "INSERT OR IGNORE INTO phones VALUES (?, ?, ?)", (address, name, time.time())
            )
        return cursor.rowcount == 1

    def change_phone(self, address: str, new_address: str, name: str) -> None:
        """Rename a phone or give it another number. Messages stay with the old number."""
        with self._write() as database:
            database.execute(
                "UPDATE phones SET address = ?, name = ? WHERE address = ?",
                (new_address, name, address),
            )

    def remove_phone(self, address: str) -> None:
        """Take a phone off the page. Its messages stay in the log, as they do at Twilio."""
        with self._write() as database:
            database.execute("DELETE FROM phones WHERE address = ?", (address,))

    def is_opted_out(self, address: str) -> bool:
        """Tell whether the owner of the address sent STOP."""
        return bool(self._read("SELECT 1 FROM opt_outs WHERE address = ?", address))

    def opt_out(self, address: str) -> None:
        """Remember that nothing may be sent to this address."""
        with self._write() as database:
            database.execute("INSERT OR IGNORE INTO opt_outs VALUES (?)", (address,))

    def opt_in(self, address: str) -> None:
        """Allow messages to this address again."""
        with self._write() as database:
            database.execute("DELETE FROM opt_outs WHERE address = ?", (address,))

    # Messages

    def add_message(self, message: Message) -> bool:
        """Store a message; return False, changing nothing, when its id is known."""
        values = asdict(message) | {"media": _media_to_json(message.media)}
        del values["seq"]
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        with self._write() as database:
            cursor = database.execute(
                f"INSERT OR IGNORE INTO messages ({columns}) VALUES ({marks})",  # noqa: S608
                tuple(values.values()),
            )
        return cursor.rowcount == 1

    def change_message(self, sid: str, **values: str | int | float | None) -> None:
        """Set columns of a message."""
        values["updated_at"] = time.time()
        assignments = ", ".join(f"{column} = ?" for column in values)
        with self._write() as database:
            database.execute(
                f"UPDATE messages SET {assignments} WHERE sid = ?",  # noqa: S608
                (*values.values(), sid),
            )

    def message(self, sid: str) -> Message | None:
        """Return one message."""
        rows = self._read("SELECT * FROM messages WHERE sid = ?", sid)
        return _message(rows[0]) if rows else None

    def messages(self, wanted: MessageFilter, limit: int) -> list[Message]:
        """Return the newest messages that match, newest first."""
        # The fields of the filter are named like the columns.
        conditions = {column: value for column, value in asdict(wanted).items() if value}
        where = " AND ".join(f"{column} = ?" for column in conditions) or "1"
        rows = self._read(
            f"SELECT * FROM messages WHERE {where} ORDER BY seq DESC LIMIT ?",  # noqa: S608
            *conditions.values(),
            limit,
        )
        return [_message(row) for row in rows]

    def unfinished(self) -> list[Message]:
        """Return the messages that were under way when the process ended, oldest first."""
        marks = ", ".join("?" * len(_OPEN_STATUSES))
        rows = self._read(
            f"SELECT * FROM messages WHERE status IN ({marks}) ORDER BY seq",  # noqa: S608
            *_OPEN_STATUSES,
        )
        return [_message(row) for row in rows]

    def add_media(self, sid: str, message_sid: str, content_type: str, content: bytes) -> None:
        """Keep a picture or file that a customer sent."""
        with self._write() as database:
            database.execute(
                "INSERT INTO media VALUES (?, ?, ?, ?)", (sid, message_sid, content_type, content)
            )

    def media(self, message_sid: str, sid: str) -> tuple[str, bytes] | None:
        """Return the type and content of a picture or file."""
        rows = self._read(
            "SELECT content_type, content FROM media WHERE message_sid = ? AND sid = ?",
            message_sid,
            sid,
        )
        return (rows[0]["content_type"], rows[0]["content"]) if rows else None

    # Changes

    def wait_for_change(self, seen: int, timeout: float) -> int | None:
        """Wait until there are more changes than `seen`; None once the store is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._changes != seen, timeout)
            return None if self._closed else self._changes

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._changed:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
            self._changes += 1
            self._changed.notify_all()

    def _read(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        with self._changed:
            return self._database.execute(statement, values).fetchall()


def _media_to_json(media: tuple[Media, ...]) -> str:
    return json.dumps([asdict(one) for one in media])


def _message(row: sqlite3.Row) -> Message:
    media = tuple(Media(**one) for one in json.loads(row["media"]))
    return Message(**{**dict(row), "media": media})

"""Answers of services on disk, so that nothing is asked twice."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from geo.errors import OptionError
from geo.geocode.services import Answer

TABLE = "CREATE TABLE IF NOT EXISTS answers (service TEXT, name TEXT, found TEXT, day TEXT, PRIMARY KEY (service, name))"
PATIENCE = 10.0  # seconds to wait for another run that writes


def default_cache() -> Path:
    """The file in the user's folder for caches."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "geo-news" / "geocode.sqlite"


class Cache:
    """The answers of one service, an empty list for a name that it does not know.

    Raises OptionError when the file cannot be opened or is no cache.
    """

    def __init__(self, path: Path, service: str) -> None:
        self.path = path
        self.service = service
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection, connection:
                connection.execute(TABLE)
        except (OSError, sqlite3.Error) as error:
            raise self._refused(error) from None

    def get(self, name: str) -> list[Answer] | None:
        """What was answered, None if the name was never asked."""
        try:
            with closing(self._connect()) as connection:
                row = connection.execute("SELECT found FROM answers WHERE service = ? AND name = ?", (self.service, name)).fetchone()
            return None if row is None else [Answer(**(answer | {"names": tuple(answer["names"])})) for answer in json.loads(row[0])]
        except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
            raise self._refused(error) from None

    def put(self, name: str, answers: list[Answer]) -> None:
        """Keep what was answered."""
        found = json.dumps([asdict(answer) for answer in answers], ensure_ascii=False)
        today = dt.datetime.now(tz=dt.UTC).date().isoformat()
        try:
            with closing(self._connect()) as connection, connection:
                connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", (self.service, name, found, today))
        except sqlite3.Error as error:
            raise self._refused(error) from None

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=PATIENCE)

    def _refused(self, error: Exception) -> OptionError:
        return OptionError(f"{self.path}: cannot be used as a cache of answers ({error}); name another file with --geocode-cache")

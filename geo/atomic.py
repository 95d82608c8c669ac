"""Files that are whole or not there: written beside their place, then renamed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import OutputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, of the same suffix, that takes the place of `path` at the end, in one step; missing folders are made.

    Whatever fails leaves the old file as it was. Raises OutputError for the OSErrors and for a name that is no text.
    """
    partial = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.touch()  # says early, and in the system's words, that the folder cannot be written to
        partial.unlink()
        yield partial
        partial.replace(path)
    except UnicodeError:
        raise OutputError(
            f"{path}: cannot be written (the name is not valid UTF-8); choose another"
        ) from None
    except OSError as error:
        cause = " ".join(str(error.strerror or error).split())
        raise OutputError(
            f"{path}: cannot be written ({cause}); choose a folder that you may write to, on a disk with room"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)

"""The state of a folder of results beside the results: with which settings it was made, what is done, who is at work.

    events/_geo/manifest.json       settings, size of the parts, which partitions the years were joined from
    events/_geo/reports/*.reports   what each partition's articles tell, one file a finished partition
    events/_geo/joined/             years that are being joined
    events/year=2023/part-00000.parquet

Names that begin with "_" are no data to pyarrow, Spark, DuckDB and the like.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from geo.errors import OutputError

STATE = "_geo"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """`settings` by name; `joined` names the partitions that the years in place were made from, "" for none.

    `layers` are the events of each layer in those years.
    """

    settings: dict[str, str]
    buckets: int
    part_size: int
    joined: str = ""
    layers: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT


def state(folder: Path) -> Path:
    """Where the state of a folder of results lies."""
    return folder / STATE


def reports(folder: Path) -> Path:
    """Where its finished partitions lie."""
    return folder / STATE / "reports"


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder of results, None when there is none. Raises OutputError when it cannot be read."""
    path = state(folder) / "manifest.json"
    try:
        found = json.loads(path.read_text("utf-8"))
        if found["format"] != FORMAT:
            raise OutputError(f"{folder}: was made by another version of geo; add --fresh to start over")
        return Manifest(**found)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{path}: damaged; add --fresh to start over") from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    path = state(folder) / "manifest.json"
    partial = path.with_name(".manifest.part")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def digest(keys: Iterable[str]) -> str:
    """One name for a set of partitions."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:24]


def check_settings(folder: Path, manifest: Manifest, settings: dict[str, str]) -> None:
    """Raise OutputError when the results in `folder` were made with other settings."""
    names = sorted(settings.keys() | manifest.settings.keys())
    other = [name for name in names if settings.get(name) != manifest.settings.get(name)]
    if other:
        changes = ", ".join(
            f"{n} {manifest.settings.get(n) or 'none'} → {settings.get(n) or 'none'}" for n in other
        )
        raise OutputError(
            f"{folder}: was begun with other settings ({changes}); give the same, choose another folder, or start over with --fresh"
        )


def check_ours(folder: Path) -> None:
    """Raise OutputError when a folder holds something, but no results of geo: nothing of others is overwritten."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; choose a folder that is new or empty")
    if folder.is_dir() and not state(folder).is_dir() and any(folder.iterdir()):
        raise OutputError(f"{folder}: holds other files; choose a folder that is new or empty")


def clear(folder: Path) -> None:
    """Remove the results and their state, and nothing else."""
    for year in folder.glob("year=*"):
        remove_year(year)
    if state(folder).is_dir():
        shutil.rmtree(state(folder))


def remove_year(year: Path) -> None:
    """Remove the parts of a year that geo wrote, and its folder if nothing else is in it."""
    for part in year.glob("part-*.parquet"):
        part.unlink(missing_ok=True)
    with suppress(OSError):
        year.rmdir()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One run at a time; a run that was killed holds no lock. Raises OutputError when another is at work."""
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:  # Windows: nothing else in geo needs it
        yield
        return
    with (state(folder) / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(f"{folder}: another run is writing it; wait for that or choose another folder") from None
        except OSError:  # a file system without locks
            pass
        yield

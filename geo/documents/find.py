"""Paths and folders → the files to read, in order; what is passed over is said."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.documents.formats import SUFFIXES, by_name
from geo.errors import NothingToReadError

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and the id of the article in it. `path` is None for standard input; `asked` if it was named itself."""

    id: str
    path: Path | None
    asked: bool = True


def find_sources(paths: Iterable[str | Path], metadata: Path | None, notice: Callable[[str], None]) -> list[Source]:
    """The files at `paths`, but not the `metadata`. Raises NothingToReadError."""
    sources: list[Source] = []
    skipped: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    asked = []
    for given in paths:
        asked.append(str(given))
        if not str(given):
            raise NothingToReadError("a path is empty; name a file, a folder or -")
        if str(given) == STDIN:
            sources.append(Source("stdin", None))
            continue
        path = Path(given)
        if path.is_dir():
            sources.extend(_walk(path, metadata, skipped, lacking, notice))
        elif path.exists():
            sources.append(Source(_readable(path.name), path))
        else:
            raise NothingToReadError(f"{path}: no such file or folder; check the path")
    for lacks, count in sorted(lacking.items()):
        notice(f"skipped {count} {'file' if count == 1 else 'files'}: {lacks}")
    if skipped:
        kinds = ", ".join(f"{count} {suffix}" for suffix, count in sorted(skipped.items()))
        files = "1 file that is no article" if skipped.total() == 1 else f"{skipped.total()} files that are no articles"
        notice(f"skipped {files} ({kinds}); geo reads {', '.join(SUFFIXES)}")
    if not sources:
        why = "; ".join(sorted(lacking)) or f"geo reads {', '.join(SUFFIXES)} files"
        raise NothingToReadError(f"{', '.join(asked) or 'no path'}: no articles found; {why}")
    return sources


def _walk(
    root: Path, metadata: Path | None, skipped: Counter[str], lacking: Counter[str], notice: Callable[[str], None]
) -> Iterator[Source]:
    """The articles below a folder in order of their ids; hidden files and READMEs are none."""

    def unreadable(error: OSError) -> None:
        notice(f"{error.filename}: cannot be opened ({error.strerror}); its articles are left out")

    found: list[Source] = []
    for folder, folders, names in os.walk(root, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for link in (path for name in folders if (path := Path(folder, name)).is_symlink()):
            notice(f"{link}: a link to a folder, not followed; name it as a path of its own to read it")
        for name in names:
            path = Path(folder, name)
            if name.startswith(".") or name.lower() == "readme.md" or (metadata is not None and _same(path, metadata)):
                continue
            known = by_name(path)
            if known is None or not path.is_file():
                skipped[path.suffix.lower() or "without a suffix"] += 1
            elif lacks := known.lacks():
                lacking[lacks] += 1
            else:
                found.append(Source(_readable(path.relative_to(root).as_posix()), path, asked=False))
    yield from sorted(found, key=lambda source: source.id)


def _same(path: Path, other: Path) -> bool:
    return path.name == other.name and path.resolve() == other.resolve()


def _readable(name: str) -> str:
    """A file name that is not valid Unicode, made so."""
    return os.fsencode(name).decode("utf-8", "replace")

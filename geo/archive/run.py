"""An archive of any size → a dataset: parts of the input are read by many, each part once, and joined a year at a time.

What is done stays done. Each partition of the input leaves one file of reports, put in its place in one step; a run
that was stopped, however, goes on where it was; a run over more or changed input reads only what is new and joins anew.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from geo.archive import manifest as manifests
from geo.archive.codec import SCHEMA, Decoder
from geo.archive.dataset import ROWS, Join, join, need_pyarrow, put_in_place
from geo.archive.manifest import Manifest
from geo.archive.reports import SUFFIX, Counts, Record, Writer, key_of, read_blocks, read_record
from geo.archive.runners import Runner, Serial
from geo.documents import MAX_ARTICLE_BYTES, MAX_FIELD
from geo.documents.parts import Part, find_parts, metadata_of, read_part
from geo.errors import GazetteerError, GeoError, NothingToReadError, OutputError
from geo.events import Triggers
from geo.gazetteer import Gazetteer
from geo.model import Event, Options
from geo.pipeline import Summary, open_gazetteer, reports, settle, triggers_with

PART = 4_000_000  # bytes of a partition of the input: some thousand articles
PARTITIONS = 4096  # at most; of more input they are larger
BUCKET = 4_000_000  # bytes of input a bucket: what is joined at a time if all of it is of one year
BUCKETS = 256
NAMED = 5  # examples of undated articles and the like that a partition keeps

Progress = Callable[[int, int], None]
"""Called with how many of how many partitions are done."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How articles are read: what is the same for all partitions, as paths, so that it can be sent to any worker."""

    gazetteer: str | None = None
    triggers: tuple[str, ...] = ()
    metadata: str | None = None
    date: str | None = None
    options: Options = field(default_factory=Options)
    merged: bool = True
    limit: int = MAX_ARTICLE_BYTES
    max_field: int = MAX_FIELD
    fields: tuple[str, ...] = ()
    stamp: str = ""  # of the gazetteer that every worker must have

    def settings(self) -> dict[str, str]:
        """What results depend on, by name."""
        return {
            "geo": f"{version('geo-news')} ({SCHEMA})",
            "gazetteer": self.stamp,
            "--events": _hash(self.triggers),
            "--metadata": _hash([self.metadata] if self.metadata else []),
            "--date": self.date or "",
            "--no-merge": "" if self.merged else "yes",
            "--no-demonyms": "" if self.options.demonyms else "yes",
            "--no-approximate": "" if self.options.approximate else "yes",
            "--max-article": f"{self.limit / 1e6:g} MB",
            "--max-field": f"{self.max_field}",
            "--field": " ".join(self.fields),
        }


def reading(
    gazetteer: str | Path | None = None,
    triggers: Sequence[str | Path] = (),
    metadata: str | Path | None = None,
    date: str | None = None,
    *,
    options: Options | None = None,
    merged: bool = True,
    limit: int = MAX_ARTICLE_BYTES,
    max_field: int = MAX_FIELD,
    fields: Sequence[str] = (),
) -> Reading:
    """How articles are to be read, checked here once. Raises what opening the files raises, and for a wrong date."""
    opened = open_gazetteer(gazetteer)
    opened.check()  # once, before the work of hours
    triggers_with(opened, triggers)
    metadata_of(metadata)
    return Reading(
        str(Path(gazetteer).resolve()) if gazetteer else None,
        tuple(str(Path(path).resolve()) for path in triggers),
        str(Path(metadata).resolve()) if metadata else None,
        date, options or Options(), merged, limit, max_field, tuple(fields), opened.header["stamp"],
    )  # fmt: skip


def _hash(paths: Iterable[str]) -> str:
    return " ".join(hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12] for path in paths)


# --- one partition -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """Parts to read into one file of reports in `folder`."""

    folder: str
    parts: tuple[Part, ...]
    reading: Reading
    buckets: int


@lru_cache(maxsize=2)
def _open(path: str | None, triggers: tuple[str, ...], stamp: str) -> tuple[Gazetteer, Triggers]:
    """The gazetteer, mapped, and the triggers, once a process."""
    opened = open_gazetteer(path)
    if opened.header["stamp"] != stamp:
        raise GazetteerError(
            f"{opened.path}: is gazetteer {opened.header['stamp']}, the run's is {stamp}; install the same geo on every worker"
        )
    return opened, triggers_with(opened, triggers)


def read_partition(job: Job) -> Record:
    """Read the articles of some parts and leave what they tell as one file; nothing is left when that fails."""
    how, summary = job.reading, Summary()
    gazetteer, triggers = _open(how.gazetteer, how.triggers, how.stamp)
    metadata = metadata_of(how.metadata)
    documents = (
        item
        for part in job.parts
        for item in read_part(part, metadata, date=how.date, fields=how.fields, limit=how.limit, field=how.max_field)
    )
    writer = Writer(Path(job.folder), key_of(job.parts), job.buckets)
    try:
        for event in reports(documents, gazetteer, triggers, options=how.options, summary=summary):
            writer.add(event)
        record = writer.finish(job.parts, _counts(summary, len(metadata.used)))
    except BaseException:
        writer.abandon()
        raise
    return replace(record, blocks=tuple({b.year: b for b in record.blocks}.values()))


def _counts(summary: Summary, rows_used: int) -> Counts:
    return Counts(
        summary.documents, summary.mentions, summary.resolved, summary.too_long, len(summary.undated),
        len(summary.inferred), rows_used, dict(summary.unplaced), dict(summary.reasons), summary.undated[:NAMED],
        [f"{doc}: {how}" for doc, how in summary.inferred[:NAMED]], [str(f.error) for f in summary.failures],
    )  # fmt: skip


# --- all of them -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Total:
    """What a whole run read and left out. `before` of the `partitions` were done by an earlier run."""

    counts: Counts
    layers: Counter[str]
    partitions: int
    before: int


def parse_archive(
    paths: Iterable[str | Path],
    out: str | Path,
    how: Reading,
    *,
    runner: Runner | None = None,
    fresh: bool = False,
    part_size: int | None = None,
    progress: Progress = lambda _done, _of: None,
    notice: Callable[[str], None] = lambda _: None,
) -> Total:
    """Write the events of the articles at `paths` as a dataset below `out`, going on where an earlier run stopped.

    Memory does not grow with the number of articles in JSON Lines; of files it holds the names. Raises OutputError
    when `out` holds something else, was made with other settings (unless `fresh`) or is being written by another run.
    """
    need_pyarrow()
    runner, folder, given = runner or Serial(), Path(out).resolve(), list(paths)
    if fresh and manifests.state(folder).is_dir():
        manifests.clear(folder)
    manifests.check_ours(folder)
    try:
        manifests.reports(folder).mkdir(parents=True, exist_ok=True)
        with manifests.locked(folder):
            return _parse(given, folder, how, runner, part_size, progress, notice)
    except NothingToReadError:
        if manifests.read_manifest(folder) is None:
            manifests.clear(folder)
            folder.rmdir()
        raise
    except OSError as error:
        if isinstance(error, GeoError):
            raise
        raise OutputError(
            f"{error.filename or folder}: cannot be written ({error.strerror or error}); choose a folder that you may write to, on a disk with room"
        ) from None


def _parse(
    paths: list[str | Path],
    folder: Path,
    how: Reading,
    runner: Runner,
    part_size: int | None,
    progress: Progress,
    notice: Callable[[str], None],
) -> Total:
    manifest = manifests.read_manifest(folder)
    if manifest is not None:
        manifests.check_settings(folder, manifest, how.settings())
    size = manifest.part_size if manifest else part_size or PART
    parts = list(find_parts(paths, size=size, metadata=how.metadata, notice=notice))
    total = sum(map(len, parts))
    if manifest is None:
        buckets = min(BUCKETS, 1 << max(0, total // BUCKET).bit_length())
        manifest = Manifest(how.settings(), buckets, size)
        manifests.write_manifest(folder, manifest)
    records, gone = _finished(manifests.reports(folder), parts)
    if gone:
        notice(f"{folder}: some of what was read before is changed or no longer among the input: read anew or left out")
    before = len(records)
    done = {part for record in records for part in record.parts}
    todo = list(_partitions((p for p in parts if p not in done), max(size, total // PARTITIONS)))
    count = before + len(todo)
    jobs = [Job(str(manifests.reports(folder)), group, how, manifest.buckets) for group in todo]
    progress(before, count)
    for record in runner.run(read_partition, jobs):
        records.append(record)
        progress(len(records), count)
    counts = _sum(records)
    if not counts.documents:
        others = f"; and {len(counts.failures) - 1} more" if len(counts.failures) > 1 else ""
        raise NothingToReadError(f"no article can be read: {counts.failures[0]}{others}")
    _note_rows(how, counts, notice)
    layers = _join(folder, manifest, records, how, runner)
    return Total(counts, layers, count, before)


def _finished(folder: Path, parts: list[Part]) -> tuple[list[Record], bool]:
    """The partitions that are done and whose input is as it was, and whether there were others: those are removed."""
    wanted = set(parts)
    found: list[Record] = []
    gone = False
    for path in sorted(folder.iterdir()):
        record = read_record(path) if path.suffix == SUFFIX else None
        if record is not None and path.stem == key_of(record.parts) and wanted.issuperset(record.parts):
            wanted.difference_update(record.parts)
            found.append(replace(record, blocks=tuple({b.year: b for b in record.blocks}.values())))
        else:
            gone |= record is not None
            path.unlink(missing_ok=True)
    return found, gone


def _partitions(parts: Iterable[Part], size: int) -> Iterator[tuple[Part, ...]]:
    """Parts that follow each other, as many as make up `size` bytes."""
    group: list[Part] = []
    weight = 0
    for part in parts:
        if group and weight + len(part) > size:
            yield tuple(group)
            group, weight = [], 0
        group.append(part)
        weight += len(part)
    if group:
        yield tuple(group)


def _sum(records: Sequence[Record]) -> Counts:
    found = [record.counts for record in sorted(records, key=lambda r: (r.parts[0].path, r.parts[0].start))]
    unplaced: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for counts in found:
        unplaced.update(counts.unplaced)
        reasons.update(counts.reasons)
    numbers = {
        name: sum(getattr(counts, name) for counts in found)
        for name in ("documents", "mentions", "resolved", "too_long", "undated", "inferred", "rows_used")
    }
    return Counts(
        **numbers,
        unplaced=dict(unplaced),
        reasons=dict(reasons),
        undated_examples=[name for counts in found for name in counts.undated_examples][:NAMED],
        inferred_examples=[name for counts in found for name in counts.inferred_examples][:NAMED],
        failures=[failure for counts in found for failure in counts.failures],
    )


def _note_rows(how: Reading, counts: Counts, notice: Callable[[str], None]) -> None:
    unused = len(metadata_of(how.metadata).rows) - counts.rows_used
    if unused > 0:
        notice(f"{how.metadata}: {unused} of its rows belong to no article that was read")


def _join(folder: Path, manifest: Manifest, records: list[Record], how: Reading, runner: Runner) -> Counter[str]:
    """Join the reports year by year and put the years in their places, unless they are there."""
    keys = tuple(sorted(record.key for record in records))
    joined = manifests.digest(keys)
    if manifest.joined == joined:
        return Counter(manifest.layers)
    layers: Counter[str] = Counter()
    manifests.write_manifest(folder, replace(manifest, joined="", layers={}))
    scratch = manifests.state(folder) / "joined"
    shutil.rmtree(scratch, ignore_errors=True)
    found = sorted({block.year for record in records for block in record.blocks})
    for year in runner.run(join, [Join(str(folder), year, keys, how.merged, ROWS) for year in found]):
        layers.update(year.layers)
    put_in_place(folder, found)
    manifests.write_manifest(folder, replace(manifest, joined=joined, layers=dict(layers)))
    shutil.rmtree(scratch, ignore_errors=True)
    return layers


def find_events_by(
    paths: Iterable[str | Path],
    how: Reading,
    runner: Runner,
    *,
    scratch: str | Path | None = None,
    progress: Progress = lambda _done, _of: None,
    notice: Callable[[str], None] = lambda _: None,
) -> tuple[list[Event], Counts]:
    """The events of the articles in memory, read by a runner, by way of files that are removed.

    `scratch` is a folder that all workers see (default: this machine's folder of temporary files).
    """
    with tempfile.TemporaryDirectory(prefix=".geo-", dir=scratch) as folder:
        parts = list(find_parts(paths, size=PART // 4, metadata=how.metadata, notice=notice))
        jobs = [Job(str(Path(folder).resolve()), group, how, 1) for group in _partitions(parts, PART // 4)]
        records: list[Record] = []
        for record in runner.run(read_partition, jobs):
            records.append(record)
            progress(len(records), len(jobs))
        decoder, events = Decoder(), list[Event]()
        for record in records:
            path = Path(folder) / f"{record.key}{SUFFIX}"
            whole = read_record(path)
            events.extend(read_blocks(path, whole.blocks if whole else (), decoder))
    return settle(events, merged=how.merged), _sum(records)

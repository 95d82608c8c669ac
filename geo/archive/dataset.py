"""The partitioned GeoParquet dataset: `year=2023/part-00000.parquet`, `year=undated/…`, read a year at a time."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo.archive.codec import Decoder
from geo.archive.manifest import STATE, read_manifest, remove_year, reports, state
from geo.archive.reports import SUFFIX, UNDATED, Block, read_blocks, read_record
from geo.errors import FormatError, OutputError
from geo.events import combine, joint_groups
from geo.model import Event
from geo.pipeline import settle, without_collecting

if TYPE_CHECKING:
    import geopandas as gpd

ROWS = 20_000  # reports that are joined at a time, unless one bucket has more
REMEDY = "geo's datasets are GeoParquet and need pyarrow: pip install 'geo-news[parquet]'"


def need_pyarrow() -> None:
    """Raise FormatError when pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415
    except ImportError:
        raise FormatError(REMEDY) from None


def folder_of(year: int) -> str:
    """The name of the folder of a year."""
    return f"year={year:04d}" if year != UNDATED else "year=undated"


# --- joining -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Join:
    """The reports of `year` in the partitions `keys` of a folder, to be joined into events, `rows` at a time."""

    folder: str
    year: int
    keys: tuple[str, ...]
    merged: bool
    rows: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A year that is ready to be put in its place."""

    year: int
    layers: Counter[str]


def join(job: Join) -> Joined:
    """Write the events of one year below the state of the folder, one copy of each."""
    need_pyarrow()
    target = state(Path(job.folder)) / "joined" / folder_of(job.year)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    layers: Counter[str] = Counter()
    drafts: list[Path] = []
    tellings: list[frozenset[str]] = []
    for number, reported in enumerate(_in_turn(job)):
        with without_collecting():
            if job.merged:
                pairs = combine(reported)
                tellings += [groups for _, groups in pairs if groups]
                events = [event for event, _ in pairs]
            else:
                events = settle(reported, merged=False)
            layers.update(event.layer for event in events)
            drafts.append(target / f"part-{number:05d}.feather")
            _draft(events, drafts[-1])
    names = joint_groups(tellings) if job.merged else None
    for draft in drafts:
        _finish(draft, names)
    return Joined(job.year, layers)


def _in_turn(job: Join) -> Iterator[list[Event]]:
    """The reports of a year, as many whole buckets at a time as memory should hold."""
    index: dict[int, list[tuple[Path, list[Block]]]] = defaultdict(list)
    sizes: Counter[int] = Counter()
    for key in job.keys:
        path = reports(Path(job.folder)) / f"{key}{SUFFIX}"
        record = read_record(path)
        if record is None:
            raise OutputError(f"{path}: damaged or gone; run it again")
        blocks: dict[int, list[Block]] = defaultdict(list)
        for block in record.blocks:
            if block.year == job.year:
                blocks[block.bucket].append(block)
                sizes[block.bucket] += block.count
        for bucket, found in blocks.items():
            index[bucket].append((path, found))
    decoder, events = Decoder(), list[Event]()
    for bucket in sorted(index):
        if events and len(events) + sizes[bucket] > job.rows:
            yield events
            decoder, events = Decoder(), []
        for path, found in index[bucket]:
            events.extend(read_blocks(path, found, decoder))
    if events:
        yield events


def _draft(events: list[Event], path: Path) -> None:
    """Write a part whose groups have no names yet: those are known when all parts of the year are."""
    from geo.table import to_frame  # noqa: PLC0415  pandas and shapely only where they are needed

    frame = to_frame(events).drop(columns="year")  # the folder says it
    frame.to_feather(path, index=False, compression="uncompressed")


def _finish(draft: Path, names: dict[str, str] | None) -> None:
    """Make a draft a part of the dataset, its groups given the `names` that they have in the whole year."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415
    from pyarrow import feather  # noqa: PLC0415

    table = feather.read_table(draft, memory_map=False)
    if names is not None:
        at = table.column_names.index("group")
        field = table.schema.field(at)
        renamed = [names.get(group, "") for group in table.column(at).to_pylist()]
        table = table.set_column(at, field, pa.array(renamed, field.type))
    pq.write_table(table, draft.with_suffix(".parquet"), compression="zstd", row_group_size=20_000)
    draft.unlink()


def put_in_place(folder: Path, years: Iterable[int]) -> None:
    """Replace the years of the dataset by those that were joined; remove those that are no more.

    Stopped half-way, it leaves a manifest that says so, and the next run joins again.
    """
    new = {folder_of(year) for year in years}
    for old in folder.glob("year=*"):
        remove_year(old)
    for name in sorted(new):
        target = folder / name
        target.mkdir(exist_ok=True)
        for part in sorted((state(folder) / "joined" / name).iterdir()):
            part.replace(target / part.name)


# --- reading -----------------------------------------------------------------------------------------------------------


def is_dataset(path: Path) -> bool:
    """Whether a folder is a dataset of events, or the unfinished beginning of one."""
    return path.is_dir() and ((path / STATE).is_dir() or any(path.glob("year=*/*.parquet")))


def check_finished(folder: Path) -> None:
    """Raise OutputError when the run that was to write a dataset did not come to its end."""
    if (state(folder)).is_dir():
        manifest = read_manifest(folder)
        if manifest is None or not manifest.joined:
            raise OutputError(f"{folder}: the run that wrote it was stopped; give the same geo parse again to finish it")


def years(folder: Path) -> list[int]:
    """The years of a dataset in order, UNDATED last. Raises FormatError when it is none."""
    found = []
    for path in folder.glob("year=*"):
        name = path.name.removeprefix("year=")
        if name != "undated" and not (name.isascii() and name.isdigit()):
            raise FormatError(f"{path}: no year; a dataset has year=2023 and the like, and year=undated")
        found.append(UNDATED if name == "undated" else int(name))
    return sorted(found, key=lambda year: (year == UNDATED, year))


def read_year(folder: Path, year: int) -> Iterator[gpd.GeoDataFrame]:
    """The parts of one year, each a table of events in EPSG:4326. Raises FormatError when one is none."""
    for path in sorted((folder / folder_of(year)).glob("*.parquet")):
        yield read_parquet(path, year)


def read_parquet(path: Path, year: int | None = None) -> gpd.GeoDataFrame:
    """A file of events; `year` is that of the folder it lies in, when the file does not say. Raises FormatError."""
    need_pyarrow()
    import geopandas as gpd  # noqa: PLC0415

    from geo.table import COLUMNS, check_columns  # noqa: PLC0415

    try:
        frame = gpd.read_parquet(path, partitioning=None)
    except Exception as error:  # noqa: BLE001  pyarrow and geopandas raise several kinds
        raise FormatError(f"{path}: not a GeoParquet file of events ({error})") from None
    if year is not None:
        frame["year"] = year or None
    check_columns(frame, path)
    return frame.astype(COLUMNS)[[*COLUMNS, "geometry"]]


def read_dataset(folder: str | Path) -> gpd.GeoDataFrame:
    """All events of a dataset in one table. Raises FormatError when it is none, OutputError when it is unfinished."""
    from geo.table import together  # noqa: PLC0415

    folder = Path(folder)
    check_finished(folder)
    return together([frame for year in years(folder) for frame in read_year(folder, year)])

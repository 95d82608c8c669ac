"""Small archives of made-up dispatches, and runs over them in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd

from geo.archive import Serial, Total, parse_archive, read_dataset, reading
from geo.archive.runners import Runner

ROOT = Path(__file__).parents[2]
PLACES = ("Goma", "Granada, Spain", "Brussels", "Istanbul", "Khartoum", "Sirte, Libya", "Nicosia", "Tbilisi")
TELLINGS = (
    "Leaders of Armenia and Azerbaijan met in {place} on {day}.",
    "Rebels attacked {place} on {day}, killing 12 soldiers.",
    "A ceasefire was signed in {place} and in {other} on {day}.",
    "Thousands fled from {place} to {other} on {day}.",
)


def articles(count: int) -> list[dict[str, str]]:
    """Rows of JSON Lines whose events meet in place, day and telling, over three years."""
    rows = []
    for i in range(count):
        day, year = 1 + i % 5, 2021 + i % 3
        text = TELLINGS[i % 4].format(place=PLACES[i % 7], other=PLACES[i % 8], day=f"{day} March {year}")
        extra = f" Talks were held in {PLACES[(i + 3) % 8]} last month." if i % 2 else ""
        rows.append({"id": f"a{i}", "text": text + extra, "title": f"Dispatch {i}", "date": f"{year}-03-{day + 1:02}"})
    return rows


def write_archive(path: Path, count: int = 60) -> Path:
    """An archive of `count` articles as JSON Lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in articles(count)), "utf-8")
    return path


def write_files(folder: Path, count: int = 12) -> Path:
    """A new folder of `count` articles, each a file."""
    folder.mkdir()
    for row in articles(count):
        (folder / f"{row['id']}.txt").write_text(row["text"], "utf-8")
    return folder


def run(source: Path, out: Path, *, runner: Runner | None = None, fresh: bool = False, size: int = 1500) -> Total:
    """Parse an archive to a dataset in small partitions."""
    return parse_archive([source], out, reading(), runner=runner or Serial(), fresh=fresh, part_size=size)


def table(out: Path) -> gpd.GeoDataFrame:
    """The dataset as one table, in an order that does not depend on its parts."""
    return read_dataset(out).sort_values("id", ignore_index=True)


def start(source: Path, out: Path, workers: int, *, fresh: bool) -> subprocess.Popen[bytes]:
    """The same run in a process group of its own."""
    command = [sys.executable, "-m", "tests.archive.run_archive", str(source), str(out), str(workers), str(int(fresh))]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)

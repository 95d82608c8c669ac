"""How `geo parse` to a dataset grows with its input: time and memory over 1×, 10×, 100×, with exponents.

python benchmarks/scale.py [--articles 1800 18000 180000] [--workers 1]

Articles are made from the seeds of the tree: other towns, other days, other years, each at random from a fixed seed, the
towns by Zipf's law, so that some are told of often and most seldom. Each size runs in a process of its own. The last
line estimates what a million articles would take.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from geo.archive import parse_archive, reading, runner_for
from geo.documents import Failure, read_documents
from geo.pipeline import open_gazetteer, recognise

ROOT = Path(__file__).parent.parent
YEARS = range(2014, 2024)
TOWNS = 20_000
MILLION = 1_000_000


def write_articles(path: Path, count: int) -> int:
    """Write `count` articles as JSON Lines; returns their bytes."""
    chance, gazetteer = Random(count), open_gazetteer()
    towns: list[str] = []
    for index in range(len(gazetteer)):
        if gazetteer.kind(index) == "city" and gazetteer.population[index] > 20_000 and len(towns) < TOWNS:
            towns.append(gazetteer.label(index))
    chance.shuffle(towns)
    weights = list(accumulate(1 / rank for rank in range(1, len(towns) + 1)))
    seeds = [_seed(document.text) for document in read_documents([ROOT / "seeds"]) if not isinstance(document, Failure)]
    size = 0
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            pieces, places = chance.choice(seeds)
            others = dict(zip(places, chance.choices(towns, cum_weights=weights, k=len(places)), strict=True))
            shift, year = chance.randrange(28), chance.choice(YEARS)
            text = "".join(others.get(piece, piece) for piece in pieces)
            text = re.sub(r"\b(19|20)\d\d\b", str(year), text)
            date = f"{year}-{1 + number % 12:02}-{1 + shift:02}"
            size += file.write(json.dumps({"id": f"a{number}", "text": text, "date": date, "title": f"Article {number}"}) + "\n")
    return size


def _seed(text: str) -> tuple[list[str], list[str]]:
    """A text in pieces, and those of them that are names of towns."""
    pieces, at = [], 0
    found = [t for t in recognise(text) if t.place and t.place.kind in ("city", "capital")]
    for toponym in found:
        pieces += [text[at : toponym.start], toponym.text]
        at = toponym.end
    return [*pieces, text[at:]], sorted({t.text for t in found})


def measure(source: str, out: str, workers: int) -> None:
    """One run, in this process; prints seconds, CPU seconds, megabytes of the largest process, events."""
    begin = time.perf_counter()
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    total = parse_archive([source], out, reading(), runner=runner_for(workers))
    took = time.perf_counter() - begin
    used = [resource.getrusage(each) for each in who]
    cpu = sum(each.ru_utime + each.ru_stime for each in used)
    print(json.dumps([took, cpu, max(each.ru_maxrss for each in used) / 1024, sum(total.layers.values())]))


def main() -> None:
    """Run all sizes and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, nargs="+", default=[1800, 18_000, 180_000])
    options.add_argument("--workers", type=int, default=1)
    asked = options.parse_args()
    print(f"{asked.workers} worker(s), {os.cpu_count()} cores")
    print("articles     MB in   seconds   CPU s   MB/CPU s   MB memory   MB reports   MB dataset    events")
    rows = []
    for count in asked.articles:
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "news.jsonl", Path(folder) / "events"
            size = write_articles(source, count)
            command = [sys.executable, __file__, "--measure", str(source), str(out), str(asked.workers)]
            took, cpu, peak, events = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            reports = sum(p.stat().st_size for p in out.glob("_geo/reports/*"))
            dataset = sum(p.stat().st_size for p in out.glob("year=*/*"))
        rows.append((count, cpu, peak))
        print(
            f"{count:8} {size / 1e6:9.2f} {took:9.1f} {cpu:7.1f} {size / cpu / 1e6:10.3f} {peak:11.0f} {reports / 1e6:12.2f} {dataset / 1e6:12.2f} {events:9}",
            flush=True,
        )
    for (n, took, peak), (m, longer, larger) in pairwise(rows):
        scale = math.log(m / n)
        print(f"{n} → {m}: CPU time exponent {math.log(longer / took) / scale:.2f}, memory exponent {math.log(larger / peak) / scale:.2f}")
    if len(rows) > 1:
        (n, took, peak), (m, longer, larger) = rows[-2:]
        hours = (longer + (MILLION - m) * (longer - took) / (m - n)) / 3600
        memory = larger * (MILLION / m) ** (math.log(larger / peak) / math.log(m / n))
        print(f"a million articles: {hours:.1f} CPU hours at the pace between the last two sizes, {memory:.0f} MB by their exponent (estimates)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()

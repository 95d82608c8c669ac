"""Cold start: from the start of the process to the places of one article, beside what a process costs at all.

    python benchmarks/cold.py

Wall time is the median of nine runs on a warm disk, memory the largest resident set. Times hold for the machine that they were
measured on; the ratios carry over. Peers are measured where they are installed (`pip install -e '.[baselines]'`).
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import sys
import sysconfig
import time
from pathlib import Path

RUNS = 9
ARTICLE = next(Path("seeds").glob("05-*.md"))
GEO = Path(sysconfig.get_path("scripts")) / "geo"
CASES = {
    "python, nothing": [sys.executable, "-c", "pass"],
    "python, import typer": [sys.executable, "-c", "import typer"],
    "geo places": [str(GEO), "places", str(ARTICLE), "--json"],
    "geo dates": [str(GEO), "dates", str(ARTICLE), "--json"],
    "python, import geopandas and folium": [sys.executable, "-c", "import geopandas, folium"],
}
PEERS = {
    "geotext": "from geotext import GeoText; GeoText(open({path!r}).read()).cities",
    "flashgeotext": "from flashgeotext.geotext import GeoText; GeoText().extract(open({path!r}).read())",
}


def measure(command: list[str]) -> tuple[float, float]:
    """Milliseconds (median) and megabytes (largest) of a command; SystemExit if it fails."""
    times, largest = [], 0
    for _ in range(RUNS):
        began = time.perf_counter()
        child = os.posix_spawn(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0o600), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0o600)],
        )
        _, status, usage = os.wait4(child, 0)
        times.append(1000 * (time.perf_counter() - began))
        if status:
            raise SystemExit(f"{' '.join(command)} failed")
        largest = max(largest, usage.ru_maxrss)
    return statistics.median(times), largest / 1024


def main() -> int:
    """Print a Markdown table."""
    cases = dict(CASES)
    for name, code in PEERS.items():
        if importlib.util.find_spec(name):
            cases[name] = [sys.executable, "-c", code.format(path=str(ARTICLE))]
    found = {name: measure(command) for name, command in cases.items()}
    bare = found["python, nothing"][0]
    print("| from process start to the end | ms | times bare python | MB |\n|---|---|---|---|")
    for name, (wall, memory) in found.items():
        print(f"| {name} | {wall:.0f} | {wall / bare:.1f} | {memory:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())

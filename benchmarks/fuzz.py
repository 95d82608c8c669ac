"""Mutated articles through the whole chain: crashes, wrong offsets, the slowest, growth of memory.

python benchmarks/fuzz.py [--count 10000] [--seed 1] [--from 0]

Each article is a seed of the tree, or two mixed, changed by a few of the mutations below; each is made of its number
and the seed alone, so `--from N --count 1` makes one again. Exit code 1 if anything went wrong.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from geo.documents import Failure, read_documents
from geo.errors import GeoError
from geo.model import Document
from geo.pipeline import Reading, events_of, open_gazetteer, read, triggers_with
from tests.strategies import PIECES

ROOT = Path(__file__).parent.parent
SEEDS = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("[0-9]*.md"))]
LONG = 400  # times that a piece is repeated at most
PATIENCE = 60  # seconds for an article, of the clock
SLOWEST = 5
Mutation = Callable[[Random, str], str]


def _span(chance: Random, text: str, most: int = 400) -> tuple[int, int]:
    start = chance.randrange(len(text) + 1)
    return start, min(len(text), start + chance.randrange(most))


def delete(chance: Random, text: str) -> str:
    """Take a stretch out."""
    start, end = _span(chance, text)
    return text[:start] + text[end:]


def repeat(chance: Random, text: str) -> str:
    """Say a stretch again and again."""
    start, end = _span(chance, text, 60)
    return text[:end] + text[start:end] * chance.randrange(LONG) + text[end:]


def insert(chance: Random, text: str) -> str:
    """Put odd pieces anywhere."""
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(PIECES) * chance.choice((1, 1, 2, LONG)) + text[at:]
    return text


def characters(chance: Random, text: str) -> str:
    """Replace characters by any of Unicode."""
    found = list(text)
    for _ in range(chance.randrange(1, 30)):
        if found:
            found[chance.randrange(len(found))] = chr(chance.choice((chance.randrange(0x110000), chance.randrange(0x3000))))
    return "".join(found)


def shuffle(chance: Random, text: str) -> str:
    """Put the words in another order."""
    words = text.split(" ")
    start = chance.randrange(len(words))
    part = words[start : start + chance.randrange(200)]
    chance.shuffle(part)
    return " ".join([*words[:start], *part, *words[start + len(part) :]])


def cross(chance: Random, text: str) -> str:
    """Go on with another article."""
    other = chance.choice(SEEDS)
    return text[: _span(chance, text)[0]] + other[_span(chance, other)[0] :]


def case(chance: Random, text: str) -> str:
    """Another case, or no line ends or stops."""
    start, end = _span(chance, text, 1000)
    changed = chance.choice((str.upper, str.lower, str.title, str.swapcase, lambda t: t.replace("\n", " "), lambda t: t.replace(".", "")))
    return text[:start] + changed(text[start:end]) + text[end:]


MUTATIONS: tuple[Mutation, ...] = (delete, repeat, insert, characters, shuffle, cross, case)


def mutate(number: int, seed: int) -> str:
    """Article `number` of the run with that seed."""
    chance = Random(f"{seed}-{number}")
    text = chance.choice(SEEDS)
    for _ in range(chance.randrange(1, 5)):
        text = chance.choice(MUTATIONS)(chance, text)
    return text


def _give_up(*_: object) -> None:
    raise TimeoutError(f"more than {PATIENCE} seconds: it hangs")


def main() -> int:
    """Run and print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--from", type=int, default=0, dest="first")
    asked = options.parse_args()
    slowest: list[tuple[float, int, int]] = []
    memory: list[float] = []
    wrong = refused = found = size = 0
    begin = time.process_time()
    signal.signal(signal.SIGALRM, _give_up)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "article.md"
        for number in range(asked.first, asked.first + asked.count):
            text = mutate(number, asked.seed)
            path.write_bytes(content := text.encode("utf-8", Random(number).choice(("replace", "surrogatepass"))))
            size += len(content)
            start = time.process_time()
            signal.alarm(PATIENCE)
            try:
                events = one(path)
            except Exception:  # noqa: BLE001  that is what we look for
                wrong += 1
                print(f"--- article {number}\n{traceback.format_exc(limit=-4)}")
                continue
            finally:
                signal.alarm(0)
            took = time.process_time() - start
            refused, found = refused + (events < 0), found + max(events, 0)
            slowest = sorted([*slowest, (took / (len(content) + 1000), number, len(content))], reverse=True)[:SLOWEST]
            if number % 500 == 499:
                memory.append(_resident())
    took = time.process_time() - begin
    print(f"{asked.count} articles, {size / 1e6:.1f} MB in {took:.0f} CPU s: {size / took / 1e6:.3f} MB/s; {found} events; {refused} refused")
    print(f"wrong: {wrong}")
    for pace, number, length in slowest:
        print(f"slow: article {number}, {length / 1e3:.1f} kB, {1 / pace / 1e6:.4f} MB/s")
    if len(memory) > 3:
        print(f"memory: {memory[len(memory) // 4]:.0f} MB after a quarter, {memory[-1]:.0f} MB at the end")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 1 if wrong else 0


def one(path: Path) -> int:
    """The number of events of an article, -1 when it is refused; raises for what must not be."""
    try:
        (document,) = list(read_documents([path]))
    except GeoError:
        return -1
    if isinstance(document, Failure):
        assert "\n" not in str(document.error)
        return -1
    return check(document)


def check(document: Document) -> int:
    """Offsets are exact, in order and apart; events have a place and evidence from the text."""
    opened = open_gazetteer()
    reading = next(item for item in read([document], opened) if isinstance(item, Reading))
    text, last = document.text, 0
    for toponym in reading.toponyms:
        assert last <= toponym.start < toponym.end <= len(text), toponym
        assert text[toponym.start : toponym.end] == toponym.text, toponym
        last = toponym.end
    for timex in reading.timexes:
        assert text[timex.start : timex.end] == timex.text, timex
    events = [event for event in events_of(reading, triggers_with(opened)) if hasattr(event, "evidence")]
    for event in events:
        for piece in event.evidence:
            assert text[piece.mention_start : piece.mention_end] == piece.mention, piece
    return len(events)


def _resident() -> float:
    """Megabytes of memory in use now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    sys.exit(main())

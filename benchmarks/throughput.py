"""How much text a second of CPU reads, stage by stage, and what plain lookup libraries read beside it in the same run.

    python benchmarks/throughput.py [CORPUS.jsonl …] [--articles N] [--rounds N]

Without corpora (JSON Lines with a field `text`) the text is made of the sentences of `seeds/`, shuffled, with other places of
the gazetteer put for half of those that they name. Prints Markdown: megabytes of UTF-8 a CPU second, the median of the rounds, in
which all stages take turns; then what the process took of memory.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import statistics
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from geo.dates import find_dates, find_expressions, infer_document_date
from geo.documents import Failure, read_documents
from geo.gazetteer import Gazetteer
from geo.model import Document, Timex, When
from geo.pipeline import (
    Summary,
    batches,
    bundled_triggers,
    events_of,
    find_events,
    locate_all,
    open_gazetteer,
    read,
    without_collecting,
)
from geo.text import Analysis, analyse
from geo.toponyms import recognise, recognise_all, resolve, resolve_all

SEEDS = Path(__file__).parents[1] / "seeds"
SENTENCES = 14  # of an article that is made up
OTHERS = 0.2  # of its places are put for those of the seeds
Stages = dict[str, Callable[[], object]]


def made_up(number: int, gazetteer: Gazetteer) -> list[Document]:
    """Articles of shuffled sentences with places exchanged; the same ones each time."""
    dice = random.Random(0)
    documents = [d for d in read_documents([SEEDS]) if isinstance(d, Document)]
    people = gazetteer.population
    names = [gazetteer.label(i) for i in dice.sample(range(len(gazetteer)), 20_000) if people[i] > 1000]
    sentences = []
    for document in documents:
        analysis = analyse(document.text)
        toponyms = resolve(analysis, recognise(analysis, gazetteer), gazetteer)
        for start, end in analysis.sentences:
            inside = [(t.start, t.end) for t in toponyms if start <= t.start and t.end <= end and t.kind == "name"]
            sentences.append((document.text[:end], start, inside))

    def sentence() -> str:
        text, start, inside = dice.choice(sentences)
        for first, last in reversed(inside):
            if dice.random() < OTHERS:
                text = text[:first] + dice.choice(names) + text[last:]
        return " ".join(text[start:].split())

    return [
        Document(str(k), "\n\n".join(" ".join(sentence() for _ in range(3)) for _ in range(SENTENCES // 3)))
        for k in range(number)
    ]


def corpus(paths: Iterable[Path]) -> list[Document]:
    """The articles of JSON Lines files."""
    rows = (json.loads(line) for path in paths for line in path.open(encoding="utf-8") if line.strip())
    return [Document(str(k), row["text"]) for k, row in enumerate(rows)]


def date(document: Document, analysis: Analysis) -> tuple[When | None, list[Timex]]:
    """The date of an article that states none, and those that its text tells."""
    expressions = find_expressions(analysis)
    inferred = infer_document_date(document.id, analysis, expressions)
    return inferred, find_dates(analysis, document.date, expressions=expressions)


def stages(documents: Sequence[Document], g: Gazetteer) -> Stages:
    """What is timed, by name: each takes what the stages before it make."""
    batched = [[d for d in batch if not isinstance(d, Failure)] for batch in batches(documents)]
    analyses = [[analyse(d.text) for d in batch] for batch in batched]
    mentions = [recognise_all(batch, g) for batch in analyses]
    named = [[(a, m, None) for a, m in zip(*both, strict=True)] for both in zip(analyses, mentions, strict=True)]
    pairs = [(a, m) for batch in named for a, m, _ in batch]
    readings = list(read(documents, g))
    dated = [(r.document, r.analysis) for r in readings if not isinstance(r, Failure)]
    triggers = bundled_triggers(g)

    return {
        "analyse": lambda: [analyse(d.text) for d in documents],
        "recognise": lambda: [recognise_all(batch, g) for batch in analyses],
        "resolve": lambda: [resolve_all(batch, g) for batch in named],
        "recognise + resolve": lambda: [locate_all([(a, None) for a in batch], g) for batch in analyses],
        "analyse + recognise + resolve": lambda: [
            locate_all([(analyse(d.text), None) for d in batch], g) for batch in batched
        ],
        "recognise, one article at a time": lambda: [recognise(a, g) for batch in analyses for a in batch],
        "resolve, one article at a time": lambda: [resolve(a, m, g) for a, m in pairs],
        "dates": lambda: [date(d, a) for d, a in dated],
        "events": lambda: [list(events_of(r, triggers)) for r in readings if not isinstance(r, Failure)],
        "whole pipeline": lambda: find_events(documents, g, triggers, summary=Summary()),
    }


def peers(texts: Sequence[str]) -> Iterator[tuple[str, Callable[[], object] | str]]:
    """Libraries that look names up: name and how it reads the texts, or why it cannot."""
    try:
        from flashgeotext.geotext import GeoText  # noqa: PLC0415
        from loguru import logger  # noqa: PLC0415

        logger.disable("flashgeotext")
        extractor = GeoText()
        yield "flashgeotext", lambda: [extractor.extract(input_text=text) for text in texts]
    except ImportError:
        yield "flashgeotext", "is not installed"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import geotext  # noqa: PLC0415
        yield "geotext", lambda: [geotext.GeoText(text) for text in texts]
    except ImportError:
        yield "geotext", "is not installed"


def seconds(run: Callable[[], object]) -> float:
    """CPU seconds of one run, garbage being collected before it and not meanwhile, as `timeit` does."""
    gc.collect()
    with without_collecting():
        begin = time.process_time()
        run()
        return time.process_time() - begin


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", type=Path, metavar="CORPUS.jsonl")
    parser.add_argument("--articles", type=int, default=1000, help="how many are made up without corpora")
    parser.add_argument("--rounds", type=int, default=5)
    asked: Any = parser.parse_args()
    g = open_gazetteer()
    documents = corpus(asked.corpora) if asked.corpora else made_up(asked.articles, g)
    size = sum(len(d.text.encode()) for d in documents) / 1e6
    begin = time.process_time()
    find_events(documents, g, bundled_triggers(g), summary=Summary())
    first = time.process_time() - begin
    timed, notes = stages(documents, g), []
    for name, run in peers([d.text for d in documents]):
        if isinstance(run, str):
            notes.append(f"{name} {run}: left out")
        else:
            timed[name + " (lookup only)"] = run
    spent: dict[str, list[float]] = defaultdict(list)
    for _ in range(asked.rounds):
        for name, run in timed.items():
            spent[name].append(seconds(run))
    rates = {name: size / statistics.median(values) for name, values in spent.items()}
    peer = rates.get("flashgeotext (lookup only)")
    print(f"{len(documents)} articles, {size:.2f} MB, {asked.rounds} rounds\n")
    print("| stage | MB/s | × flashgeotext |\n|---|---|---|")
    for name, rate in {**rates, "whole pipeline, first time": size / first}.items():
        print(f"| {name} | {rate:.2f} | {f'{rate / peer:.2f}' if peer else ''} |")
    for note in notes:
        print(f"\n{note}")
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, all stages' results of the articles kept")


if __name__ == "__main__":
    main()

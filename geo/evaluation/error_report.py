"""What a predictor got wrong, in groups by what was at fault: a table for a spreadsheet, or a page to read."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from html import escape
from pathlib import Path

from geo.errors import OutputError
from geo.evaluation.corpora import GoldArticle, GoldToponym
from geo.evaluation.gold import is_demonym
from geo.evaluation.metrics import RIGHT_KM, Outcome, Prediction, Run
from geo.gazetteer import Gazetteer
from geo.sphere import distance_km
from geo.text import Analysis, analyse, fold
from geo.toponyms.candidates import find_candidates
from geo.toponyms.words import CALENDAR, lexicon_classes

LARGEST = 10  # groups shown with examples
EXAMPLES = 12
CONTEXT = 50  # characters on either side
SMALL = 15_000  # people
WIDE = frozenset(("country", "continent", "ocean", "region", "admin1"))
SETTLED = frozenset(("city", "capital", "admin2"))


@dataclass(frozen=True, slots=True)
class Miss:
    """One mistake. `km`: distance of the place chosen and the gold point; `chosen`: the place in words, "" if none."""

    group: str
    subgroup: str
    corpus: str
    article: str
    start: int
    end: int
    before: str
    text: str
    after: str
    gold: str
    chosen: str
    km: float | None


def find_misses(run: Run, gazetteer: Gazetteer) -> list[Miss]:
    """The mistakes of a run. A pair with a wrong end and a wrong place is two."""
    misses: list[Miss] = []
    for article, outcomes in run.outcomes:
        analysis = analyse(article.text)
        for outcome in outcomes:
            misses += [_miss(article, outcome, *why) for why in _reasons(outcome, analysis, gazetteer)]
    return misses


def group_misses(misses: Sequence[Miss]) -> list[tuple[str, str, list[Miss]]]:
    """(group, subgroup, its misses), the largest first."""
    groups: dict[tuple[str, str], list[Miss]] = defaultdict(list)
    for miss in misses:
        groups[miss.group, miss.subgroup].append(miss)
    return [(*key, found) for key, found in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))]


def _miss(article: GoldArticle, outcome: Outcome, group: str, subgroup: str) -> Miss:
    span = outcome.predicted or outcome.gold
    assert span is not None  # noqa: S101  an outcome has one of the two
    text = article.text
    gold, predicted = outcome.gold, outcome.predicted
    where = f" at {gold.point[0]:.3f}, {gold.point[1]:.3f}" if gold and gold.point else ""
    return Miss(
        group,
        subgroup,
        article.corpus,
        article.id,
        span.start,
        span.end,
        text[max(0, span.start - CONTEXT) : span.start],
        text[span.start : span.end],
        text[span.end : span.end + CONTEXT],
        gold.text + where if gold else "",
        predicted.label if predicted else "",
        None if outcome.km is None else round(outcome.km, 1),
    )


def _reasons(outcome: Outcome, analysis: Analysis, gazetteer: Gazetteer) -> Iterator[tuple[str, str]]:
    """(group, subgroup) of each thing that is wrong."""
    predicted, gold = outcome.predicted, outcome.gold
    if predicted is None and gold is not None:
        yield "not recognised", _unseen(gold, gazetteer)
    elif predicted is not None and gold is None:
        yield "spurious", _spurious(predicted, analysis, gazetteer)
    elif predicted is not None and gold is not None:
        if not outcome.exact:
            yield "boundary", _boundary(predicted, gold)
        if gold.point and not outcome.right:
            yield _misplaced(predicted, gold, gold.point, gazetteer)


def _unseen(gold: GoldToponym, gazetteer: Gazetteer) -> str:
    bearers = gazetteer.look_up(gold.text)
    words = gold.text.split()
    classes = {c for word in words for c in lexicon_classes(gazetteer, fold(word))}
    people = max((gazetteer.population[b.place] for b in bearers), default=0)
    tests = {
        "demonym": is_demonym(gold, gazetteer),
        "lower case": gold.text[0].islower(),
        "facility or organisation": len(words) > 1 and bool(classes & set("ohvp")),
        "name not in the gazetteer": not bearers,
        "code": gold.text.isupper() and len(gold.text) <= 4,
        "small place": people < SMALL and all(gazetteer.kind(b.place) in SETTLED for b in bearers),
    }
    return _first(tests, "known place")


def _spurious(predicted: Prediction, analysis: Analysis, gazetteer: Gazetteer) -> str:
    tokens = analysis.tokens
    i, j = analysis.token_range(predicted.start, predicted.end)

    def classes(*beside: int) -> set[str]:
        found = (tokens[k] for k in beside if 0 <= k < len(tokens))
        return {c for t in found for c in lexicon_classes(gazetteer, t.folded)}

    capitals = [k for k in (i - 1, j) if 0 <= k < len(tokens) and tokens[k].text[0].isupper()]
    inside = classes(*range(i, j))
    tests = {
        "demonym not annotated": predicted.kind == "demonym",
        "border or line": predicted.kind == "border",
        "month or weekday": i < j and all(t.folded in CALENDAR for t in tokens[i:j]),
        "part of an organisation": bool((inside | classes(*capitals)) & set("oh")),
        "person": bool(classes(i - 1) & set("gGt") or inside & set("gG")),
        "ordinary word": bool(inside & set("cf")) or i == j or tokens[i].text[0].islower(),
        "facility": "p" in inside | classes(*capitals),
        "name not annotated": bool(gazetteer.look_up(analysis.text[predicted.start : predicted.end])),
    }
    return _first(tests, "no name known")


def _first(tests: dict[str, bool], otherwise: str) -> str:
    return next((name for name, holds in tests.items() if holds), otherwise)


def _boundary(predicted: Prediction, gold: GoldToponym) -> str:
    if predicted.start <= gold.start and gold.end <= predicted.end:
        return "too long"
    if gold.start <= predicted.start and predicted.end <= gold.end:
        return "too short"
    return "shifted"


def _misplaced(predicted: Prediction, gold: GoldToponym, point: tuple[float, float], g: Gazetteer) -> tuple[str, str]:
    candidates, approximation = find_candidates(g, gold.text)
    away = {c.place: distance_km(point, (g.lat[c.place] / 1e5, g.lon[c.place] / 1e5)) for c in candidates}
    nearest = min(away, key=away.__getitem__, default=None)
    if nearest is None:
        return "unreachable", "name not in the gazetteer"
    if away[nearest] > RIGHT_KM:
        wide = "country, region or division: its point is another" if g.kind(nearest) in WIDE else "only namesakes are known"
        return "unreachable", "only a part of the name is known" if approximation else wide
    if predicted.point is None:
        return "namesake chosen", "left without a place"
    chosen = _kind_at(predicted, list(away), g)
    return "namesake chosen", f"{chosen} chosen, {_sort(g.kind(nearest))} meant" if chosen else "other name read"


def _kind_at(predicted: Prediction, places: Sequence[int], g: Gazetteer) -> str | None:
    """The sort of the candidate that lies where the prediction is."""
    for place in places:
        if predicted.point == (g.lat[place] / 1e5, g.lon[place] / 1e5):
            return _sort(g.kind(place))
    return None


def _sort(kind: str) -> str:
    return "town" if kind in SETTLED else "country" if kind == "country" else "division" if kind == "admin1" else "region"


# --- files


def write_errors(path: Path, run: Run, gazetteer: Gazetteer) -> int:
    """Write the mistakes of a run to a .csv or .html file; returns how many there are.

    Raises OutputError when the name ends otherwise or the file cannot be written.
    """
    writers = {".csv": to_csv, ".html": to_html}
    if path.suffix.lower() not in writers:
        raise OutputError(f"{path}: errors are written as .csv or .html; name the file so")
    misses = find_misses(run, gazetteer)
    try:
        path.write_text(writers[path.suffix.lower()](misses), "utf-8", newline="")
    except OSError as error:
        raise OutputError(f"{path}: this cannot be written ({error.strerror}); choose another place") from None
    return len(misses)


def to_csv(misses: Sequence[Miss]) -> str:
    """The mistakes as CSV, by group, the largest group first."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(f.name for f in fields(Miss))
    for *_, found in group_misses(misses):
        writer.writerows([_cell(value) for value in astuple(miss)] for miss in found)
    return out.getvalue()


def _cell(value: object) -> object:
    """An article's words must not become a formula to a spreadsheet."""
    if isinstance(value, str):
        value = " ".join(value.split())
        return f"'{value}" if value[:1] in tuple("=+-@\t\r") else value
    return value


STYLE = """body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#222;background:#fff}
table{border-collapse:collapse;width:100%}td,th{padding:.25em .6em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
th{border-bottom:2px solid #888}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}mark{background:#ffe08a}
.c{color:#555}h2{margin-top:2em}@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}.c{color:#aaa}
mark{background:#7a5b00;color:#fff}td,th{border-color:#444}}"""


def to_html(misses: Sequence[Miss]) -> str:
    """The mistakes as a page that needs nothing else: the groups, then examples of the ten largest."""
    groups = group_misses(misses)
    rows = "".join(
        f'<tr><td>{escape(group)}</td><td>{escape(sub)}</td><td class="n">{len(found)}</td>'
        f'<td class="n">{100 * len(found) / len(misses):.1f}</td><td class="c">{escape(_frequent(found))}</td></tr>\n'
        for group, sub, found in groups
    )
    sections = "".join(_section(*each) for each in groups[:LARGEST])
    head = '<th>group</th><th>what</th><th class="n">count</th><th class="n">%</th><th>most frequent</th>'
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Errors of geo</title>'
        f"<style>{STYLE}</style></head><body>\n<h1>{len(misses)} errors in {len(groups)} groups</h1>\n"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>\n{sections}</body></html>\n"
    )


def _section(group: str, subgroup: str, misses: Sequence[Miss]) -> str:
    rows = "".join(
        f'<tr><td class="c">{escape(m.article)}</td><td><span class="c">{escape(m.before)}</span>'
        f'<mark>{escape(m.text)}</mark><span class="c">{escape(m.after)}</span></td><td>{escape(m.gold)}</td>'
        f'<td>{escape(m.chosen)}</td><td class="n">{"" if m.km is None else f"{m.km:.0f}"}</td></tr>\n'
        for m in _varied(misses)
    )
    head = '<th>article</th><th>text</th><th>gold</th><th>chosen</th><th class="n">km apart</th>'
    return (
        f"<h2>{escape(group)}: {escape(subgroup)} ({len(misses)})</h2>\n"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>\n"
    )


def _varied(misses: Sequence[Miss]) -> list[Miss]:
    """Examples of different names."""
    return list({m.text.lower(): m for m in reversed(misses)}.values())[: -EXAMPLES - 1 : -1]


def _frequent(misses: Sequence[Miss]) -> str:
    """The names that are missed most, with their counts."""
    counts: dict[str, int] = defaultdict(int)
    for miss in misses:
        counts[" ".join(miss.text.split())] += 1
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]
    return ", ".join(f"{name} {n}" if n > 1 else name for name, n in most)

"""The commands `geo evaluate` and `geo train`: what is right and wrong, and the weights made again."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.evaluation.corpora import GoldArticle
    from geo.evaluation.metrics import Predictor, Report
    from geo.evaluation.predictors import Weigher
    from geo.gazetteer import Gazetteer

Gold = Annotated[
    list[Path],
    typer.Argument(metavar="GOLD…", help="Corpora: .jsonl, XML as published, or a folder of brat files.", show_default=False),
]
GazetteerFile = Annotated[
    Path | None, typer.Option("--gazetteer", help="A compiled gazetteer, instead of the bundled one.", show_default=False)
]
WeightsFile = Annotated[
    Path | None, typer.Option("--weights", help="Weights from `geo train`, instead of the bundled ones.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(evaluate)
    app.command()(train)


def evaluate(
    gold: Gold,
    folds: Annotated[
        int, typer.Option(min=0, help="Learn anew, K times, without the articles that are scored; 0: the weights as they are.")
    ] = 0,
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Learn anew for each corpus, from the other corpora only.")
    ] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Write what went wrong, in groups, to a .html or .csv file.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    no_demonyms: Annotated[
        bool, typer.Option("--no-demonyms", help='Leave "Armenian" and the like out, of the gold too.')
    ] = False,
    weights: WeightsFile = None,
    gazetteer: GazetteerFile = None,
) -> None:
    """Score geo and plain baselines against corpora with gold toponyms."""
    from geo.errors import OutputError
    from geo.evaluation.gold import is_demonym
    from geo.evaluation.metrics import evaluate as evaluate_predictors
    from geo.pipeline import open_gazetteer

    if folds == 1 or (folds and leave_one_out) or (weights and (folds or leave_one_out)):
        raise typer.BadParameter("choose one of --folds (2 or more), --leave-one-out and --weights")
    if errors and errors.suffix.lower() not in (".html", ".csv"):
        raise OutputError(f"{errors}: errors are written as .csv or .html; name the file so")
    opened = open_gazetteer(gazetteer)
    articles = _read(gold, opened)
    learned = _weigher(articles, opened, folds, leave_one_out, weights)
    predictors = _predictors(opened, learned, demonyms=not no_demonyms)
    report = evaluate_predictors(
        articles, predictors, optional=lambda t: no_demonyms and is_demonym(t, opened)
    )
    _print(report, as_json)
    if errors:
        from geo.evaluation.error_report import write_errors

        count = write_errors(errors, report.runs[0], opened)
        _say(f"wrote {errors}: {count} errors")


def _weigher(
    articles: Sequence[GoldArticle], gazetteer: Gazetteer, folds: int, leave_one_out: bool, weights: Path | None
) -> Weigher:
    from geo.evaluation import predictors
    from geo.toponyms.weights import read_weights

    if folds:
        return predictors.held_out(articles, gazetteer, predictors.by_fold(folds), _say)
    if leave_one_out:
        return predictors.held_out(articles, gazetteer, predictors.by_corpus, _say)
    if weights is None:
        _say("note: the bundled weights may have been learned from these very articles; see --folds")
        return predictors.bundled
    read = read_weights(weights)
    return lambda _: read


def _predictors(gazetteer: Gazetteer, weights: Weigher, *, demonyms: bool) -> dict[str, Predictor]:
    """What is compared, by name; the tool first."""
    from geo.evaluation import predictors

    found: dict[str, Predictor] = {
        "geo": predictors.tool(gazetteer, weights, demonyms=demonyms),
        "gold mentions": predictors.resolver_alone(gazetteer, weights),
        "population": predictors.population(gazetteer, demonyms=demonyms),
    }
    for name, baseline in (("flashgeotext", predictors.flashgeotext), ("geotext", predictors.geotext)):
        if predictor := baseline(gazetteer):
            found[name] = predictor
        else:
            _say(f"note: {name} is left out, for it is not installed: pip install 'geo-news[baselines]'")
    return found


def _print(report: Report, as_json: bool) -> None:
    from geo.evaluation.metrics import reliability_table, table

    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
        return
    typer.echo(table(report))
    typer.echo("\ngold mentions: geo's resolution of the annotated spans, so that recognition is given")
    typer.echo("\n" + reliability_table(report.runs[0]))


def _read(paths: Sequence[Path], gazetteer: Gazetteer) -> list[GoldArticle]:
    from geo.errors import FormatError, NothingToReadError
    from geo.evaluation.corpora import read_corpus
    from geo.evaluation.predictors import geonames_points

    points = geonames_points(gazetteer)
    articles = [a for path in paths for a in read_corpus(path, notes=lambda note: _say("note: " + note), points=points)]
    if not articles:
        raise NothingToReadError("none of the corpora holds an article; see `geo evaluate --help` for the formats")
    if len({a.id for a in articles}) < len(articles):
        raise FormatError("an article is given twice, or two corpora use the same ids; give each corpus once")
    return articles


def _say(line: str) -> None:
    """A line on standard error, which keeps the output clean; without control characters."""
    sys.stderr.write("".join(c if c.isprintable() else " " for c in line) + "\n")


def train(
    gold: Gold,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")] = Path("weights.json"),
    date: Annotated[
        str | None, typer.Option(help="Date to put into the model card; default: today.", show_default=False)
    ] = None,
    card: Annotated[
        Path | None, typer.Option(help="JSON object to add to the model card: figures, limits.", show_default=False)
    ] = None,
    gazetteer: GazetteerFile = None,
) -> None:
    """Learn the weights from corpora with gold toponyms; the same input and date give the same file."""
    from geo.errors import OutputError
    from geo.evaluation.predictors import fit, training
    from geo.pipeline import open_gazetteer

    learner = training()
    opened = open_gazetteer(gazetteer)
    stated = _stated(card)
    articles = _read(gold, opened)
    _say(f"preparing {len(articles)} articles")
    examples = learner.prepare(articles, opened)
    weights = fit(examples, opened, {**_card(articles, opened, date), **stated}, _say)
    try:
        out.write_text(weights.to_json(), "utf-8")
    except OSError as error:
        raise OutputError(f"{out}: this cannot be written ({error.strerror}); choose another place") from None
    typer.echo(f"wrote {out}: {len(weights.spans)} weights of spans, from {len(articles)} articles")


def _card(articles: Sequence[GoldArticle], gazetteer: Gazetteer, date: str | None) -> dict[str, Any]:
    """What the model card says by itself: the date, and the data."""
    corpora = sorted({a.corpus for a in articles})
    return {
        "date": date or dt.datetime.now(dt.UTC).date().isoformat(),
        "gazetteer": str(gazetteer.header["stamp"]),
        "corpora": {
            c: {
                "articles": sum(a.corpus == c for a in articles),
                "toponyms": sum(len(a.toponyms) for a in articles if a.corpus == c),
            }
            for c in corpora
        },
    }


def _stated(card: Path | None) -> dict[str, Any]:
    """What the user adds to the model card."""
    from geo.errors import FormatError

    if card is None:
        return {}
    try:
        return dict(json.loads(card.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise FormatError(f"{card}: no JSON object can be read here ({error})") from None

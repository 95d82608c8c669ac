"""The figures are those that the definitions give by hand, whatever the predictions."""

from __future__ import annotations

import csv
import io
import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from geo.compile.sources import Entry
from geo.compile.writer import write_gazetteer
from geo.errors import FormatError, OutputError
from geo.evaluation import commands as cli_evaluate
from geo.evaluation.corpora import GoldArticle, GoldToponym
from geo.evaluation.error_report import find_misses, group_misses, to_csv, to_html, write_errors
from geo.evaluation.gold import is_demonym
from geo.evaluation.metrics import (
    MACRO,
    Outcome,
    Prediction,
    Predictor,
    calibration_error,
    evaluate,
    judge,
    pair,
    reliability,
    reliability_table,
    table,
)
from geo.evaluation.predictors import by_corpus, geotext, held_out, population, resolver_alone, tool
from geo.gazetteer import DEMONYM, Gazetteer
from geo.sphere import Point, distance_km
from geo.toponyms.weights import Weights
from tests.gazetteers import compiled, entry

OSLO, BERGEN, PARIS, PARIS_TEXAS = (59.91, 10.75), (60.39, 5.32), (48.85, 2.35), (33.66, -95.56)


def gold(start: int, end: int, point: Point | None = OSLO, kind: str = "") -> GoldToponym:
    return GoldToponym(start, end, "x" * (end - start), point, kind)


def found(start: int, end: int, point: Point | None = OSLO, confidence: float | None = None) -> Prediction:
    return Prediction(start, end, point, confidence)


def article(number: int, *toponyms: GoldToponym, corpus: str = "a") -> GoldArticle:
    return GoldArticle(f"{corpus}-{number}", corpus, "x" * 200, toponyms)


def always(*predictions: Sequence[Prediction]) -> Predictor:
    return lambda _: predictions


# --- pairing


def test_exact_pairs_go_before_longer_overlaps() -> None:
    assert pair([gold(0, 4), gold(2, 20)], [found(0, 20), found(2, 20)]) == {1: 1, 0: 0}


def test_the_longest_overlap_wins_and_each_is_used_once() -> None:
    assert pair([gold(0, 10)], [found(0, 3), found(3, 9)]) == {1: 0}
    assert pair([gold(0, 3), gold(4, 10)], [found(0, 12)]) == {0: 1}


def test_touching_is_not_overlapping() -> None:
    assert pair([gold(0, 4)], [found(4, 8), found(9, 12)]) == {}


# --- figures


def test_figures_by_hand() -> None:
    first = article(1, gold(0, 4), gold(10, 16, PARIS), gold(20, 30, None), gold(40, 50, BERGEN))
    second = article(2, gold(0, 4, PARIS))
    predictor = always(
        [
            found(0, 4),  # exact, right
            found(10, 14, PARIS_TEXAS),  # overlap, a namesake
            found(20, 30),  # its gold has no point
            found(60, 64),  # spurious
            found(70, 74, None),  # spurious and without a place
        ],
        [found(0, 4, None)],  # exact, without a place
    )
    (run,) = evaluate([first, second], {"p": predictor}).runs
    s = run.scores["a"]
    away = distance_km(PARIS, PARIS_TEXAS)
    assert (s.articles, s.gold, s.gold_points, s.predicted) == (2, 5, 4, 6)
    assert (s.exact_p, s.exact_r, s.exact_f1) == (3 / 6, 3 / 5, 6 / 11)
    assert (s.overlap_p, s.overlap_r, s.overlap_f1) == (4 / 6, 4 / 5, 8 / 11)
    assert (s.paired_points, s.resolved) == (3, 2)
    assert (s.acc161, s.acc50, s.acc161_all) == (1 / 3, 1 / 3, 1 / 4)
    assert (s.median_km, s.mean_km) == (away / 2, away / 2)
    assert s.auc == pytest.approx(math.log(away + 1) / math.log(20039) / 2)
    assert (s.e2e_p, s.e2e_r, s.e2e_f1) == (1 / 3, 1 / 4, 2 / 7)


def test_optional_gold_is_neither_asked_nor_counted() -> None:
    toponyms = (gold(0, 4), gold(10, 14, kind="associative"), gold(20, 24, kind="associative"))
    outcomes = judge(toponyms, [found(0, 4), found(10, 14)], lambda t: t.kind == "associative")
    assert [(o.predicted is not None, o.gold is not None) for o in outcomes] == [(True, True)]


def test_macro_is_the_plain_mean_and_none_spreads() -> None:
    articles = [article(1, gold(0, 4)), article(1, gold(0, 4, None), corpus="b")]
    (run,) = evaluate(articles, {"p": always([found(0, 4)], [found(0, 4), found(9, 12)])}).runs
    assert list(run.scores) == ["a", "b", MACRO]
    assert run.scores[MACRO].exact_p == statistics.fmean([1, 1 / 2])
    assert run.scores["b"].acc161 is None
    assert run.scores[MACRO].acc161 is None


def test_nothing_predicted() -> None:
    (run,) = evaluate([article(1, gold(0, 4))], {"p": always([])}).runs
    s = run.scores["a"]
    assert (s.exact_p, s.exact_r, s.exact_f1, s.acc161, s.acc161_all, s.median_km) == (None, 0, 0, None, 0, None)


# a line of spans that do not overlap, with points
spans = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 5)), max_size=8).map(
    lambda steps: [
        (sum(length + gap for length, gap in steps[:k]), sum(length + gap for length, gap in steps[:k]) + step[0])
        for k, step in enumerate(steps)
    ]
)
points = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))
golds = spans.flatmap(lambda each: st.tuples(*(st.builds(gold, st.just(a), st.just(b), points) for a, b in each)))
confidences = st.none() | st.floats(0, 1)
predictions = spans.flatmap(
    lambda each: st.tuples(*(st.builds(found, st.just(a), st.just(b), points, confidences) for a, b in each))
)


@given(st.lists(st.tuples(golds, predictions), min_size=1, max_size=4))
def test_shares_lie_between_0_and_1_and_outcomes_cover_everything(pairs: list[tuple[tuple[GoldToponym], tuple[Prediction]]]) -> None:
    articles = [article(k, *toponyms) for k, (toponyms, _) in enumerate(pairs)]
    (run,) = evaluate(articles, {"p": always(*(p for _, p in pairs))}).runs
    s = run.scores["a"]
    shares = {k: v for k, v in s.as_dict().items() if k.startswith(("exact", "overlap", "acc", "e2e")) and v is not None}
    assert all(0 <= v <= 1 for v in shares.values())
    assert (s.exact_f1 or 0) <= (s.overlap_f1 or 0)
    assert s.gold == sum(len(g) for g, _ in pairs)
    assert s.predicted == sum(len(p) for _, p in pairs)
    assert (run.calibration_error or 0) <= 1


@given(golds)
def test_perfect_predictions_score_1(toponyms: tuple[GoldToponym, ...]) -> None:
    perfect = always([found(t.start, t.end, t.point) for t in toponyms])
    s = evaluate([article(1, *toponyms)], {"p": perfect}).runs[0].scores["a"]
    ones = [s.exact_p, s.exact_r, s.exact_f1, s.overlap_f1, s.acc161, s.acc50, s.acc161_all, s.e2e_p, s.e2e_r, s.e2e_f1]
    assert all(v in (1, None) for v in ones)
    assert s.mean_km in (0, None)
    assert (s.exact_f1 == 1) is bool(toponyms)


@given(golds, predictions)
def test_order_does_not_matter(toponyms: tuple[GoldToponym, ...], predicted: tuple[Prediction, ...]) -> None:
    a, b = (
        evaluate([article(1, *toponyms)], {"p": always(p)}).runs[0].scores for p in (predicted, tuple(reversed(predicted)))
    )
    assert a["a"].as_dict() == pytest.approx(b["a"].as_dict())


# --- confidence


def test_reliability_by_hand() -> None:
    def outcome(confidence: float, km: float) -> Outcome:
        return Outcome(found(0, 4, OSLO, confidence), gold(0, 4), km, located=True)

    outcomes = [outcome(0.95, 0), outcome(1.0, 9), outcome(0.92, 500), outcome(0.2, 400), Outcome(None, gold(0, 4))]
    bins = reliability(outcomes)
    assert [(b.count, b.accuracy) for b in bins if b.count] == [(1, 0), (3, 2 / 3)]
    expected = (0.2 + 3 * abs((0.95 + 1 + 0.92) / 3 - 2 / 3)) / 4
    assert calibration_error(bins) == pytest.approx(expected)
    assert reliability([Outcome(found(0, 4), gold(0, 4), 0, located=True)]) == ()


def test_tables_show_predictors_side_by_side() -> None:
    articles = [article(1, gold(0, 4)), article(1, gold(0, 4), corpus="b")]
    hit, miss = always([found(0, 4, OSLO, 0.9)], [found(0, 4)]), always([], [])
    report = evaluate(articles, {"hit": hit, "miss": miss})
    blocks = table(report).split("\n\n")
    assert [b.split("  ")[0] for b in blocks] == ["mean of the corpora", "a, 1 articles", "b, 1 articles"]
    assert blocks[0].splitlines()[0].split()[-2:] == ["hit", "miss"]
    assert ["end-to-end", "F1@161km", "1.000", "0.000"] in [line.split() for line in blocks[0].splitlines()]
    assert "expected calibration error 0.100" in reliability_table(report.runs[0])
    assert reliability_table(report.runs[1]) == ""
    assert json.loads(json.dumps(report.as_dict()))["hit"]["scores"]["b"]["exact_f1"] == 1
    assert table(evaluate([], {})) == "nothing was evaluated"


# --- predictors, over a tiny gazetteer


def places() -> list[Entry]:
    norway = entry("Norway", "NO", kind="country", population=5_400_000, lat=62.0, lon=10.0)
    norway.add("Norwegian", DEMONYM)
    return [
        norway,
        entry("Oslo", "NO", population=700_000, lat=OSLO[0], lon=OSLO[1]),
        entry("Paris", "FR", population=2_100_000, lat=PARIS[0], lon=PARIS[1]),
        entry("Paris", "US", population=25_000, lat=PARIS_TEXAS[0], lon=PARIS_TEXAS[1]),
        entry("Hamlet", "NO", population=90, lat=61.0, lon=9.0),
    ]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return compiled(places())


WEIGHTS = Weights({"bias": 3.0}, 0.5, ({"size": 5.0}, {"size": 5.0}), (0.0, 1.0, 1.0), {})
TEXT = "Norwegian envoys left Oslo for Paris, far from Hamlet & Lakeside Hall."
MARKS = {"Norwegian": (62.0, 10.0), "Oslo": OSLO, "Paris": PARIS_TEXAS, "Hamlet": (61.0, 9.0), "Lakeside Hall": BERGEN}


def told(number: int = 1, corpus: str = "a") -> GoldArticle:
    """An article; Paris is the one in Texas in those of odd number."""
    marks = MARKS if number % 2 else MARKS | {"Paris": PARIS}
    toponyms = (GoldToponym(s := TEXT.index(name), s + len(name), name, point) for name, point in marks.items())
    return GoldArticle(f"{corpus}-{number}", corpus, TEXT, tuple(toponyms))


def texts(predicted: Sequence[Prediction]) -> list[str]:
    return [TEXT[p.start : p.end] for p in predicted]


def test_population_takes_the_most_populous(gazetteer: Gazetteer) -> None:
    (predicted,) = population(gazetteer)([told()])
    assert texts(predicted) == ["Norwegian", "Oslo", "Paris"]
    assert (predicted[0].kind, predicted[2].point) == ("demonym", PARIS)
    (predicted,) = population(gazetteer, demonyms=False)([told()])
    assert texts(predicted) == ["Oslo", "Paris"]


def test_tool_and_resolver_alone(gazetteer: Gazetteer) -> None:
    (predicted,) = tool(gazetteer, lambda _: WEIGHTS, demonyms=False)([told()])
    assert {"Oslo", "Paris"} <= set(texts(predicted))
    assert "Norwegian" not in texts(predicted)
    (predicted,) = resolver_alone(gazetteer, lambda _: WEIGHTS)([told()])
    assert texts(predicted) == list(MARKS)
    assert [p.kind for p in predicted] == ["demonym", "name", "name", "name", "name"]
    assert predicted[-1].point is None
    assert [is_demonym(t, gazetteer) for t in told().toponyms] == [True, False, False, False, False]


def test_libraries_that_are_not_installed_are_left_out(gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "geotext", None)
    assert geotext(gazetteer) is None


def test_held_out_needs_something_to_learn_from(gazetteer: Gazetteer) -> None:
    pytest.importorskip("sklearn")
    with pytest.raises(FormatError, match="nothing is left to learn from"):
        held_out([told(1), told(2)], gazetteer, by_corpus)


def test_too_little_to_learn_from(gazetteer: Gazetteer) -> None:
    pytest.importorskip("sklearn")
    with pytest.raises(FormatError, match="too small to learn from"):
        held_out([told(1, "a"), told(1, "b")], gazetteer, by_corpus)


def test_held_out_learns_without_the_article(gazetteer: Gazetteer) -> None:
    pytest.importorskip("sklearn")
    articles = [told(k, corpus) for corpus in "ab" for k in range(8)]
    seen: list[str] = []
    weigher = held_out(articles, gazetteer, by_corpus, seen.append)
    assert weigher(articles[0]) is not weigher(articles[-1])
    assert weigher(articles[0]) is weigher(articles[1])
    assert seen[1] == "learning without a (1 of 2)"


# --- errors


def test_errors_are_grouped(gazetteer: Gazetteer) -> None:
    at = TEXT.index
    predicted = [
        found(at("Oslo"), at("Oslo") + 8, PARIS),  # too long, and the place is another
        found(at("Paris"), at("Paris") + 5, PARIS),
        found(at("Hamlet"), at("Hamlet") + 6, (61.0, 9.0)),
        found(at("Lakeside"), at("Hall") + 4, OSLO),
        found(at("envoys"), at("envoys") + 6),
    ]
    (run,) = evaluate([told()], {"p": always(predicted)}).runs
    misses = find_misses(run, gazetteer)
    assert [(m.group, m.subgroup) for m in misses] == [
        ("boundary", "too long"),
        ("namesake chosen", "other name read"),
        ("namesake chosen", "town chosen, town meant"),
        ("unreachable", "name not in the gazetteer"),
        ("spurious", "ordinary word"),
        ("not recognised", "demonym"),
    ]
    assert misses[2].km == pytest.approx(distance_km(PARIS, PARIS_TEXAS), abs=0.1)
    assert [len(g) for *_, g in group_misses([*misses, misses[0]])][:2] == [2, 1]


def test_error_files_are_safe(gazetteer: Gazetteer, tmp_path: Path) -> None:
    text = "=1+1 <script>alert(1)</script> Oslo"
    wicked = GoldArticle("<b>", "a", text, (GoldToponym(0, 4, "=1+1", OSLO),))
    (run,) = evaluate([wicked], {"p": always([Prediction(5, 13, OSLO, label="<i>")])}).runs
    page = to_html(find_misses(run, gazetteer))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;i&gt;" in page
    assert "http" not in page
    rows = list(csv.DictReader(io.StringIO(to_csv(find_misses(run, gazetteer)))))
    assert {r["text"] for r in rows} == {"'=1+1", "<script>"}
    assert write_errors(tmp_path / "e.csv", run, gazetteer) == 2
    assert write_errors(tmp_path / "e.html", run, gazetteer) == 2
    with pytest.raises(OutputError, match="name the file so"):
        write_errors(tmp_path / "e.txt", run, gazetteer)
    with pytest.raises(OutputError, match="cannot be written"):
        write_errors(tmp_path / "none" / "e.csv", run, gazetteer)
    assert "0 errors" in to_html([])


# --- the commands


def line(told_in: GoldArticle) -> str:
    """A gold article as a line of JSON."""
    toponyms = [
        {"start": t.start, "end": t.end, "text": t.text, "lat": t.point[0], "lon": t.point[1]}
        for t in told_in.toponyms
        if t.point
    ]
    return json.dumps({"id": told_in.id, "corpus": told_in.corpus, "text": told_in.text, "toponyms": toponyms}) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a gazetteer, weights and a corpus."""
    write_gazetteer(places(), {}, {}, {}, tmp_path / "g.bin")
    (tmp_path / "w.json").write_text(WEIGHTS.to_json(), "utf-8")
    rows = [line(told(k, corpus)) for corpus in "ab" for k in range(8)]
    (tmp_path / "gold.jsonl").write_text("".join(rows), "utf-8")
    return tmp_path


def call(folder: Path, command: str, *options: str) -> str:
    app = typer.Typer()
    cli_evaluate.register(app)
    arguments = [command, str(folder / "gold.jsonl"), "--gazetteer", str(folder / "g.bin"), *options]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_evaluate_command(files: Path) -> None:
    weights = ("--weights", str(files / "w.json"))
    shown = call(files, "evaluate", *weights, "--errors", str(files / "e.html"))
    assert "mean of the corpora" in shown
    assert "expected calibration error" in shown
    assert "not recognised" in (files / "e.html").read_text("utf-8") or "unreachable" in (files / "e.html").read_text("utf-8")
    whole = json.loads(call(files, "evaluate", *weights, "--json"))
    without = json.loads(call(files, "evaluate", *weights, "--json", "--no-demonyms"))
    assert whole["gold mentions"]["scores"]["a"]["gold"] == 8 * len(MARKS)
    assert without["geo"]["scores"]["a"]["gold"] == 8 * (len(MARKS) - 1)


def test_options_that_exclude_each_other(files: Path) -> None:
    app = typer.Typer()
    cli_evaluate.register(app)
    result = CliRunner().invoke(app, ["evaluate", str(files / "gold.jsonl"), "--folds", "5", "--leave-one-out"])
    assert result.exit_code == 2


def test_train_command_gives_the_same_file_again(files: Path) -> None:
    pytest.importorskip("sklearn")
    (files / "card.json").write_text('{"limits": "tiny"}', "utf-8")
    made = []
    for name in ("one.json", "two.json"):
        options = ("-o", str(files / name), "--date", "2024-01-02", "--card", str(files / "card.json"))
        assert "from 16 articles" in call(files, "train", *options)
        made.append((files / name).read_bytes())
    assert made[0] == made[1]
    card = json.loads(made[0])["card"]
    assert card["corpora"]["a"] == {"articles": 8, "toponyms": 8 * len(MARKS)}
    assert (card["date"], card["limits"]) == ("2024-01-02", "tiny")


def test_outcome_of_a_prediction_without_a_place() -> None:
    (outcome,) = judge([gold(0, 4)], [found(0, 4, None)])
    assert (outcome.exact, outcome.right, outcome.located, outcome.km) == (True, False, False, None)
    assert replace(outcome, km=161.0).right

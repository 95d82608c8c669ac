"""How right predictions are, against gold toponyms: recognition, resolution, both together, and the confidence.

How things are counted:

- A prediction is paired with at most one gold toponym and a gold toponym with at most one prediction: first
  those with the same start and end (exact), then those that share the most characters (overlap).
- Resolution (`acc161`, `acc50`, `median_km`, `mean_km`, `auc`) is over pairs whose gold has a point. A
  prediction without a place is wrong for the accuracies and is not in the statistics of the error.
  `auc` is the mean of ln(error + 1) / ln(20039): smaller is better.
- `acc161_all`: the share of all gold toponyms with a point whose pair lies within 161 km. For predictions on the
  gold mentions it is the accuracy of the resolution with unresolved mentions counted as wrong.
- End to end (`e2e`): right is a prediction within 161 km of its gold; recall is over all gold with a point. What
  overlaps gold without a point, or has no place, does not count towards precision.
- Optional gold need not be found, and a prediction on it is ignored.
- The confidence is judged on the predictions that count towards the end-to-end precision.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from geo.evaluation.corpora import GoldArticle, GoldToponym
from geo.sphere import Point, distance_km

RIGHT_KM = 161.0  # 100 miles: the field's measure of a right place
NEAR_KM = 50.0
MAX_ERROR_KM = 20039.0  # half of the equator's length: the field's furthest error
EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
BINS = 10
MACRO = "macro"


@dataclass(frozen=True, slots=True)
class Prediction:
    """A stretch of text said to name a place at `point` ((lat, lon), None when unresolved); `label` names the place."""

    start: int
    end: int
    point: Point | None
    confidence: float | None = None
    kind: str = "name"
    label: str = ""


Predictor = Callable[[Sequence[GoldArticle]], Sequence[Sequence[Prediction]]]
"""Predictions for each of the articles, in their order."""
Span = Prediction | GoldToponym


@dataclass(frozen=True, slots=True)
class Outcome:
    """A prediction with its gold, a prediction without (spurious), or gold without a prediction (missed).

    `km` is the error of a pair with both points. `located`: the prediction counts towards end-to-end precision.
    """

    predicted: Prediction | None
    gold: GoldToponym | None
    km: float | None = None
    located: bool = False

    @property
    def exact(self) -> bool:
        """Whether both have the same start and end."""
        p, g = self.predicted, self.gold
        return p is not None and g is not None and (p.start, p.end) == (g.start, g.end)

    @property
    def right(self) -> bool:
        """Whether the prediction lies within 161 km of its gold."""
        return self.km is not None and self.km <= RIGHT_KM


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of one corpus, or of several as their plain mean. None where there is nothing to divide by."""

    articles: float | None
    gold: float | None
    gold_points: float | None
    predicted: float | None
    exact_p: float | None
    exact_r: float | None
    exact_f1: float | None
    overlap_p: float | None
    overlap_r: float | None
    overlap_f1: float | None
    paired_points: float | None
    resolved: float | None
    acc161: float | None
    acc50: float | None
    median_km: float | None
    mean_km: float | None
    auc: float | None
    acc161_all: float | None
    e2e_p: float | None
    e2e_r: float | None
    e2e_f1: float | None

    def as_dict(self) -> dict[str, float | None]:
        """Name → figure."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of about the same confidence: how many, their mean confidence, and the share that is right."""

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Run:
    """What one predictor reached: its scores by corpus, with "macro" last, and every outcome by article."""

    name: str
    scores: Mapping[str, Scores]
    outcomes: Sequence[tuple[GoldArticle, Sequence[Outcome]]]

    @property
    def reliability(self) -> tuple[Bin, ...]:
        """Ten bins of confidence; () for a predictor that states none."""
        return reliability(o for _, outcomes in self.outcomes for o in outcomes)

    @property
    def calibration_error(self) -> float | None:
        """Expected calibration error: mean distance of confidence and accuracy over the bins, by their counts."""
        return calibration_error(self.reliability)


@dataclass(frozen=True, slots=True)
class Report:
    """What each predictor reached on the same articles."""

    runs: tuple[Run, ...]

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON: predictor → scores by corpus, calibration error, reliability."""
        return {
            run.name: {
                "scores": {corpus: scores.as_dict() for corpus, scores in run.scores.items()},
                "calibration_error": run.calibration_error,
                "reliability": [{f.name: getattr(b, f.name) for f in fields(b)} for b in run.reliability],
            }
            for run in self.runs
        }


def evaluate(
    articles: Sequence[GoldArticle],
    predictors: Mapping[str, Predictor],
    *,
    optional: Callable[[GoldToponym], bool] = lambda _: False,
) -> Report:
    """What each of the named predictors reaches on the articles. `optional` tells gold that need not be found."""
    return Report(tuple(_run(name, articles, predict(articles), optional) for name, predict in predictors.items()))


def _run(
    name: str,
    articles: Sequence[GoldArticle],
    predictions: Sequence[Sequence[Prediction]],
    optional: Callable[[GoldToponym], bool],
) -> Run:
    judged = [(a, judge(a.toponyms, p, optional)) for a, p in zip(articles, predictions, strict=True)]
    corpora = sorted({a.corpus for a in articles})
    scores = {c: score([outcomes for a, outcomes in judged if a.corpus == c]) for c in corpora}
    if scores:
        scores[MACRO] = mean(list(scores.values()))
    return Run(name, scores, judged)


# --- pairing


def shared(a: Span, b: Span) -> int:
    """How many characters two spans have in common; not positive if none."""
    return min(a.end, b.end) - max(a.start, b.start)


def pair(gold: Sequence[GoldToponym], predicted: Sequence[Prediction]) -> dict[int, int]:
    """Index of a prediction → index of its gold toponym."""
    options = sorted(
        ((p.start, p.end) != (g.start, g.end), -shared(p, g), p.start, i, j)
        for i, p in enumerate(predicted)
        for j, g in enumerate(gold)
        if shared(p, g) > 0
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in options:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def judge(
    gold: Sequence[GoldToponym],
    predicted: Sequence[Prediction],
    optional: Callable[[GoldToponym], bool] = lambda _: False,
) -> list[Outcome]:
    """The outcomes of an article: its predictions, without the ignored ones, then the gold that was missed."""
    pairs = pair(gold, predicted)
    outcomes = []
    for i, prediction in enumerate(predicted):
        partner = gold[pairs[i]] if i in pairs else None
        beside = [partner] if partner else [g for g in gold if shared(prediction, g) > 0]
        if any(optional(g) for g in beside):
            continue
        located = prediction.point is not None and all(g.point is not None for g in beside)
        km = None
        if partner and partner.point and prediction.point:
            km = distance_km(partner.point, prediction.point)
        outcomes.append(Outcome(prediction, partner, km, located))
    found = set(pairs.values())
    outcomes += [Outcome(None, g) for j, g in enumerate(gold) if j not in found and not optional(g)]
    return outcomes


# --- figures


def score(articles: Sequence[Sequence[Outcome]]) -> Scores:
    """The figures over the outcomes of some articles."""
    outcomes = [o for each in articles for o in each]
    gold = sum(o.gold is not None for o in outcomes)
    gold_points = sum(o.gold is not None and o.gold.point is not None for o in outcomes)
    predicted = sum(o.predicted is not None for o in outcomes)
    pairs = [o for o in outcomes if o.predicted and o.gold]
    with_point = sum(o.gold is not None and o.gold.point is not None for o in pairs)
    errors = [o.km for o in pairs if o.km is not None]
    right = sum(o.right for o in pairs)
    logs = [math.log(e + 1) / math.log(MAX_ERROR_KM) for e in errors]
    exact = _precision_recall_f1(sum(o.exact for o in pairs), predicted, gold)
    overlap = _precision_recall_f1(len(pairs), predicted, gold)
    e2e = _precision_recall_f1(right, sum(o.located for o in outcomes), gold_points)
    return Scores(
        len(articles), gold, gold_points, predicted, *exact, *overlap,
        paired_points=with_point,
        resolved=len(errors),
        acc161=_ratio(right, with_point),
        acc50=_ratio(sum(e <= NEAR_KM for e in errors), with_point),
        median_km=statistics.median(errors) if errors else None,
        mean_km=statistics.fmean(errors) if errors else None,
        auc=statistics.fmean(logs) if logs else None,
        acc161_all=_ratio(right, gold_points),
        e2e_p=e2e[0], e2e_r=e2e[1], e2e_f1=e2e[2],
    )  # fmt: skip


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _precision_recall_f1(right: int, predicted: int, gold: int) -> tuple[float | None, float | None, float | None]:
    return _ratio(right, predicted), _ratio(right, gold), _ratio(2 * right, predicted + gold)


def mean(scores: Sequence[Scores]) -> Scores:
    """The plain mean of each figure; None where one of them is."""

    def of(values: list[float | None]) -> float | None:
        known = [v for v in values if v is not None]
        return statistics.fmean(known) if len(known) == len(values) else None

    return Scores(**{f.name: of([getattr(s, f.name) for s in scores]) for f in fields(Scores)})


def reliability(outcomes: Iterable[Outcome]) -> tuple[Bin, ...]:
    """The located predictions in ten bins of confidence; () if none states one."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for o in outcomes:
        if o.predicted and o.located and (confidence := o.predicted.confidence) is not None:
            bins[min(BINS - 1, max(0, int(confidence * BINS)))].append((confidence, o.right))
    if not any(bins):
        return ()
    return tuple(
        Bin(
            k / BINS,
            (k + 1) / BINS,
            len(each),
            statistics.fmean(c for c, _ in each) if each else None,
            statistics.fmean(right for _, right in each) if each else None,
        )
        for k, each in enumerate(bins)
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error of the bins, 0-1; None without predictions."""
    total = sum(b.count for b in bins)
    apart = sum(b.count * abs(b.confidence - b.accuracy) for b in bins if b.confidence is not None and b.accuracy is not None)
    return _ratio(apart, total)


# --- tables

ROWS = {
    "gold": "gold toponyms",
    "predicted": "predicted",
    "exact_p": "exact precision",
    "exact_r": "exact recall",
    "exact_f1": "exact F1",
    "overlap_p": "overlap precision",
    "overlap_r": "overlap recall",
    "overlap_f1": "overlap F1",
    "acc161": "accuracy@161km",
    "acc50": "accuracy@50km",
    "median_km": "median error, km",
    "mean_km": "mean error, km",
    "auc": "AUC (less is better)",
    "acc161_all": "of all gold within 161 km",
    "e2e_p": "end-to-end precision",
    "e2e_r": "end-to-end recall",
    "e2e_f1": "end-to-end F1@161km",
}
WHOLE = frozenset(("gold", "predicted"))
KILOMETRES = frozenset(("median_km", "mean_km"))


def table(report: Report) -> str:
    """The figures as text: for the mean of the corpora, then for each, the predictors side by side."""
    if not report.runs or not report.runs[0].scores:
        return "nothing was evaluated"
    corpora = list(report.runs[0].scores)
    several = len(corpora) > 2  # more than one corpus and their mean
    shown = [MACRO, *corpora[:-1]] if several else corpora[:1]
    return "\n\n".join(_block(report, corpus) for corpus in shown)


def _block(report: Report, corpus: str) -> str:
    widths = [max(10, len(run.name) + 2) for run in report.runs]
    articles = report.runs[0].scores[corpus].articles or 0
    heading = "mean of the corpora" if corpus == MACRO else f"{corpus}, {articles:.0f} articles"
    lines = [f"{heading:28}" + "".join(f"{run.name:>{w}}" for run, w in zip(report.runs, widths, strict=True))]
    for key, label in ROWS.items():
        cells = (_cell(key, getattr(run.scores[corpus], key)) for run in report.runs)
        lines.append(f"{label:28}" + "".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True)))
    return "\n".join(lines)


def _cell(key: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if key in WHOLE else f"{value:.1f}" if key in KILOMETRES else f"{value:.3f}"


def reliability_table(run: Run) -> str:
    """The reliability of a run's confidence as text; "" if it states none."""
    bins = run.reliability
    if not bins:
        return ""
    lines = [f"confidence of {run.name}", f"{'stated':12}{'mean':>8}{'right':>8}{'count':>8}"]
    lines += [
        f"{f'{b.low:.1f}–{b.high:.1f}':12}{_cell('', b.confidence):>8}{_cell('', b.accuracy):>8}{b.count:>8}" for b in bins
    ]
    return "\n".join([*lines, f"expected calibration error {_cell('', calibration_error(bins))}"])

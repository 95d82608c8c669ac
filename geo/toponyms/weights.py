"""The learned weights: one readable file that ships with the package; `geo train` makes it again."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from geo.errors import GeoError
from geo.toponyms.features import Scorer

FORMAT = 1


def sigmoid(x: float) -> float:
    """The logistic function, safe for large arguments."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def logit(p: float) -> float:
    """The inverse of `sigmoid`, with p kept off 0 and 1 by 1e-4."""
    if p < 1e-4:
        p = 1e-4
    elif p > 1 - 1e-4:
        p = 1 - 1e-4
    return math.log(p / (1 - p))


def rounded(p: float) -> float:
    """`round(p, 4)`, p ≥ 0, in half the time: probabilities are stated to four digits."""
    scaled = p * 10_000
    below = scaled // 1
    rest = scaled - below
    if rest < 0.4999:
        return below / 10_000
    return (below + 1) / 10_000 if rest > 0.5001 else round(p, 4)  # near a tie the decimal digits count


@dataclass(frozen=True)
class Weights:
    """What was learned.

    `spans`: feature → weight of the span classifier (logistic regression), "bias" among them.
    `threshold`: probability from which a span is taken for a place name.
    `ranks`: for each of the resolver's passes, feature → weight of the ranker (conditional logit).
    `calibration`: bias and the weights of the logits of a span's probability and of its place's share: together the
    confidence.
    `card`: the model card.
    """

    spans: dict[str, float]
    threshold: float
    ranks: tuple[dict[str, float], dict[str, float]]
    calibration: tuple[float, float, float]
    card: dict[str, Any]

    @cached_property
    def scorer(self) -> Scorer:
        """The span classifier."""
        return Scorer(self.spans)

    def confidence(self, span: float, share: float) -> float:
        """Calibrated probability that mention and place are both right."""
        bias, of_span, of_share = self.calibration
        return sigmoid(bias + of_span * logit(span) + of_share * logit(share))

    def to_json(self) -> str:
        """The file's text; the same weights give the same text."""
        content = {
            "format": FORMAT,
            "card": self.card,
            "threshold": self.threshold,
            "calibration": list(self.calibration),
            "ranks": list(self.ranks),
            "spans": dict(sorted(self.spans.items())),
        }
        return json.dumps(content, ensure_ascii=False, indent=0) + "\n"


def read_weights(path: Path) -> Weights:
    """The weights in a file. Raises GeoError when it is not one, naming it and the remedy."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["format"] != FORMAT:
            raise GeoError(
                f"{path}: weights of format {content['format']}, but this geo reads {FORMAT}; make them again with `geo train`"
            )
        first, second = content["ranks"]
        bias, of_span, of_share = content["calibration"]
        return Weights(
            content["spans"], content["threshold"], (first, second), (bias, of_span, of_share), content["card"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GeoError(f"{path}: no weights can be read here ({error}); make them with `geo train`") from None


@lru_cache(maxsize=1)
def bundled_weights() -> Weights:
    """The weights that the package carries."""
    return read_weights(Path(__file__).with_name("weights.json"))

"""Probabilities and log-odds in arrays, as `geo.toponyms.weights` has them for one, to the bit.

numpy's own exponentials and logarithms differ in the last digit: those of `math` are asked.
"""

from __future__ import annotations

from math import exp, log

import numpy as np

from geo.toponyms.batch_words import Floats
from geo.toponyms.weights import Weights


def sigmoids(x: Floats) -> Floats:
    """As `sigmoid`, but hardly more than 0 where that is 0."""
    return 1 / (1 + np.array(list(map(exp, np.minimum(-x, 700.0).tolist())), np.float64))


def logits(p: Floats) -> Floats:
    """As `logit`."""
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return np.array(list(map(log, (p / (1 - p)).tolist())), np.float64)


def confidences(weights: Weights, span: Floats, share: Floats) -> Floats:
    """As `Weights.confidence`."""
    bias, of_span, of_share = weights.calibration
    return sigmoids(bias + of_span * logits(span) + of_share * logits(share))


def rounded_all(p: Floats) -> Floats:
    """As `rounded`."""
    scaled = p * 10_000
    below = np.floor(scaled)
    rest = scaled - below
    found: Floats = np.where(rest < 0.5, below, below + 1) / 10_000
    for k in np.flatnonzero(np.abs(rest - 0.5) <= 0.0001).tolist():
        found[k] = round(float(p[k]), 4)
    return found

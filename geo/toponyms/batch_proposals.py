"""Which stretches of a batch of articles are proposed, which names cover them, and how the articles use their words."""

from __future__ import annotations

from typing import cast

import numpy as np

from geo.toponyms.batch_keys import PACKED, WIDE
from geo.toponyms.batch_words import Bools, Ints, Tokens
from geo.toponyms.spans import MAX_PART, MAX_RUN

LENGTH_BITS = 20


class Spans:
    """The proposals of a batch, by place: tokens `first:last`, and the run `run[0]:run[1]` that each begins in."""

    def __init__(self, tokens: Tokens, first: Ints, last: Ints) -> None:
        self.tokens = tokens
        capital = tokens.has("capital")
        begin, end = _runs(tokens, capital)
        short = end - begin <= MAX_RUN
        parts = [self.key(first, last), self.key(begin[short], end[short])]
        heads = np.flatnonzero(capital)
        run = np.searchsorted(begin, heads, side="right") - 1
        run_end = end[run]
        inside = run_end - begin[run] > 1
        heads, run_end = heads[inside], run_end[inside]
        for length in range(1, MAX_PART + 1):
            fits = (heads + length <= run_end) & capital[np.minimum(heads + length - 1, len(capital) - 1)]
            parts.append(self.key(heads[fits], heads[fits] + length))
        keys = np.sort(np.concatenate(parts))
        self.keys = keys[np.diff(keys, prepend=-1) != 0]
        self.first = self.keys >> LENGTH_BITS
        self.last = self.first + (self.keys & (1 << LENGTH_BITS) - 1)
        if len(begin):
            run = np.searchsorted(begin, self.first, side="right") - 1
            within = (run >= 0) & (end[run] > self.first)
            self.run = np.where(within, begin[run], self.first), np.where(within, end[run], self.last)
        else:
            self.run = self.first, self.last

    @staticmethod
    def key(first: Ints, last: Ints) -> Ints:
        """A span as one number, in the order of place."""
        return first << LENGTH_BITS | (last - first)

    def packed(self, column: Ints) -> Ints:
        """The values of a column over each span in one number, each plus 1; of the first PACKED tokens."""
        total = column[self.first].astype(np.int64) + 1
        for k in range(1, PACKED):
            more = np.flatnonzero(self.last - self.first > k)
            if not more.size:
                break
            total[more] = total[more] << WIDE | (column[self.first[more] + k] + 1)
        return cast("Ints", total)

    def most(self, column: Ints) -> Ints:
        """The greatest value of a column over each span."""
        best = column[self.first]
        lengths = self.last - self.first
        for k in range(1, int(lengths.max(initial=1))):
            more = np.flatnonzero(lengths > k)
            best[more] = np.maximum(best[more], column[self.first[more] + k])
        return cast("Ints", best)


class Covers:
    """How far the names reach that begin at each token, or there and before."""

    def __init__(self, size: int, first: Ints, last: Ints) -> None:
        self.furthest = np.zeros(size, np.int64)
        self.furthest[first] = last  # shorter ones come first
        self.reach = np.maximum.accumulate(self.furthest)

    def over(self, first: Ints, last: Ints) -> Bools:
        """Which spans lie in a longer name: one from further left, or one from the same token that goes further."""
        return (self.reach[first - 1] >= last) | (self.furthest[first] > last)


def _runs(tokens: Tokens, capital: Bools) -> tuple[Ints, Ints]:
    """Maximal runs of capitalised words, over particles between them: first and last tokens."""
    heads = np.flatnonzero(capital)
    close, particle = tokens.close, tokens.has("particle")
    step_one = close[heads] & capital[heads + 1]
    bridge = np.minimum(heads + 2, len(capital) - 1)
    step_two = close[heads] & ~capital[heads + 1] & particle[heads + 1] & capital[bridge] & close[heads + 1]
    step_two &= ~tokens.has("conjunction")[heads + 1]
    reached = np.zeros(len(capital), np.bool_)
    reached[heads[step_one] + 1] = True
    reached[heads[step_two] + 2] = True
    return heads[~reached[heads]], heads[~(step_one | step_two)] + 1


class Use:
    """How each article uses the words of its proposals, as `spans.WordUse` says.

    `persons` and `places` have for each token how often its word stands as one (2 at most), `low` whether a long one is in lower case.
    """

    def __init__(self, tokens: Tokens, spans: Spans) -> None:
        heads = np.flatnonzero(tokens.has("capital"))
        before, after = heads - 1, heads + 1
        locative = tokens.has("locative")[before]
        forms = int(tokens.form.max()) + 1
        self.words = tokens.article * forms + tokens.form
        words = self.words[heads]
        person = np.concatenate((
            words[tokens.has("introduces")[before] & tokens.close[before]], words[tokens.has("saying")[after] & ~locative],
        ))  # fmt: skip
        place = np.concatenate((words[locative & ~tokens.has("capital")[after]], words[tokens.has("division")[after]]))
        depth = np.bincount(spans.first, minlength=len(self.words)) - np.bincount(spans.last, minlength=len(self.words))
        self.inside = np.flatnonzero(np.cumsum(depth))
        self.persons, self.places = self._count(person), self._count(place)
        lower = np.zeros((int(tokens.article[-1]) + 1) * forms, np.bool_)
        lower[self.words[tokens.has("lower")]] = True
        self.low = lower[self.words] & tokens.has("long")

    def _count(self, told: Ints) -> Ints:
        """For each token in a proposal the times that its word is told, 2 at most."""
        column = np.zeros(len(self.words), np.int64)
        if len(told):
            words, counts = np.unique(told, return_counts=True)
            wanted = self.words[self.inside]
            at = np.minimum(np.searchsorted(words, wanted), len(words) - 1)
            column[self.inside] = np.where(words[at] == wanted, np.minimum(2, counts[at]), 0)
        return column

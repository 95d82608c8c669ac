"""Whether a place is where something is or stands for those who speak and act: "Baku said", "Moscow, which deployed"."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from geo.gazetteer import Gazetteer
from geo.model import Mention, Place, Role
from geo.text import Analysis, fold

GOVERNED = frozenset(("country", "capital", "region", "admin1"))
PLACING = frozenset("in at near from to into across outside of for through via inside around".split())
CLUES_KEPT = 1 << 16
HEAD, NAME, PLACES, SPEAKS, POSSESSIVE = (1 << k for k in range(5))


class Clues(dict[str, int]):
    """What words say of a place beside them, in bits."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__({"": 0})
        self.lists = gazetteer.lexicon

    def __missing__(self, word: str) -> int:
        if len(self) >= CLUES_KEPT:
            self.clear()
        folded, capital = fold(word), word[:1].isupper()
        clue = self[word] = (
            (capital and folded in self.lists.get("organisation_heads", ())) * HEAD
            | (capital and folded in self.lists.get("organisation_words", ())) * NAME
            | (folded in PLACING) * PLACES
            | (folded in self.lists.get("speech_verbs", ())) * SPEAKS
            | (folded == "s") * POSSESSIVE
        )
        return clue


@lru_cache(maxsize=4)
def clues(gazetteer: Gazetteer) -> Clues:
    """The clues of the words met so far."""
    return Clues(gazetteer)


def role(analysis: Analysis, mention: Mention, place: Place, clue: Clues) -> Role:
    """Whether a country or capital stands for its government, or a place for an organisation that bears its name."""
    kind = mention.kind
    if kind == "demonym":
        return "actor"
    words, starts, end = analysis.words, analysis.starts, mention.end
    i = bisect_left(starts, mention.start)
    j, n = i, len(words)
    while j < n and starts[j] < end:
        j += 1
    before, after = words[i - 1] if i else "", clue[words[j]] if j < n else 0
    if kind != "border":
        if before == "of" and i >= 2 and words[i - 2][0].isupper():  # "Bank of England"
            if clue[words[i - 2]] & HEAD:
                return "actor"
        elif after & NAME and starts[j] - end == 1:
            return "actor"  # "Boston Globe"
    if place.kind not in GOVERNED or clue[before] & PLACES:
        return "place"
    speaks = after & (SPEAKS | POSSESSIVE) or (j + 1 < n and clue[words[j + 1]] & SPEAKS)
    return "actor" if speaks else "place"

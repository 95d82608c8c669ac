"""Whether a place is where something is or stands for those who speak and act: "Baku said", "Moscow, which deployed"."""

from __future__ import annotations

from bisect import bisect_left

from geo.gazetteer import Gazetteer
from geo.model import Mention, Place, Role
from geo.text import Analysis, fold

GOVERNED = frozenset(("country", "capital", "region", "admin1"))
PLACING = frozenset("in at near from to into across outside of for through via inside around".split())


def role(analysis: Analysis, mention: Mention, place: Place, gazetteer: Gazetteer) -> Role:
    """Whether a country or capital stands for its government, or a place for an organisation that bears its name."""
    if mention.kind == "demonym":
        return "actor"
    words, starts, lexicon = analysis.words, analysis.starts, gazetteer.lexicon
    i = bisect_left(starts, mention.start)
    j = bisect_left(starts, mention.end, i)
    if mention.kind != "border" and _names_organisation(analysis, i, j, mention.end, gazetteer):
        return "actor"
    if place.kind not in GOVERNED or (i and fold(words[i - 1]) in PLACING):
        return "place"
    verbs = lexicon.get("speech_verbs", frozenset())
    following = [fold(word) for word in words[j : j + 2]]
    return "place" if verbs.isdisjoint(following) and following[:1] != ["s"] else "actor"


def _names_organisation(analysis: Analysis, i: int, j: int, end: int, gazetteer: Gazetteer) -> bool:
    """Whether the words beside make the place a part of an organisation's name: "Boston Globe", "Bank of England".

    The place is named by the tokens i to j, up to `end`.
    """
    words = analysis.words
    if i >= 2 and words[i - 1] == "of" and words[i - 2][0].isupper():
        return fold(words[i - 2]) in gazetteer.lexicon.get("organisation_heads", ())
    if j >= len(words) or analysis.starts[j] - end != 1 or not words[j][0].isupper():
        return False
    return fold(words[j]) in gazetteer.lexicon.get("organisation_words", ())

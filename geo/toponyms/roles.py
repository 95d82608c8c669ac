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
    words, starts, end = analysis.words, analysis.starts, mention.end
    i = j = bisect_left(starts, mention.start)
    while j < len(starts) and starts[j] < end:
        j += 1
    before, after = words[i - 1] if i else "", words[j] if j < len(words) else ""
    lexicon = gazetteer.lexicon
    if mention.kind == "border":
        pass
    elif before == "of" and i >= 2 and words[i - 2][0].isupper():  # "Bank of England"
        if fold(words[i - 2]) in lexicon.get("organisation_heads", ()):
            return "actor"
    elif after[:1].isupper() and starts[j] - end == 1 and fold(after) in lexicon.get("organisation_words", ()):
        return "actor"  # "Boston Globe"
    if place.kind not in GOVERNED or fold(before) in PLACING:
        return "place"
    verbs, said = lexicon.get("speech_verbs", ()), fold(after)
    return "actor" if said == "s" or said in verbs or (j + 1 < len(words) and fold(words[j + 1]) in verbs) else "place"

"""What is no place or surely one, whatever the weights say: persons, treaties and organisations; codes and curated regions."""

from __future__ import annotations

from functools import lru_cache

from geo.gazetteer import PRIMARY, Gazetteer
from geo.toponyms.spans import Article, NameFacts, Span
from geo.toponyms.words import LOCATIVES

DIRECTIONS = frozenset("north south east west northern southern eastern western central".split())
NAME_PARTICLES = frozenset(("of", "the", "and", "'s", "’s"))
SETTLED_KINDS = frozenset(("country", "capital", "admin1", "admin2", "city"))
TREATIES = frozenset("accord accords agreements process protocol protocols statute troika quartet".split())

FEW = 3  # magnitude of a name's bearers up to which it is plain whose it is
BEFORE_PLACES = (LOCATIVES - {"of", "into", "between"}) | frozenset(
    """seize capture recapture retake take enter storm shell bomb bombard attack besiege flee leave reach hit strike overrun occupy
    liberate evacuate visit abandon hold lose surround encircle
    seized captured recaptured retook took entered stormed shelled bombed bombarded attacked besieged fled left reached struck
    overran occupied liberated evacuated visited abandoned held lost surrounded encircled retaken taken
    seizing capturing recapturing retaking taking entering storming shelling bombing attacking besieging fleeing leaving reaching
    occupying evacuating visiting surrounding into off via through""".split()
)
BEFALLING = frozenset("fell was were , has had itself is remains remained".split())
SMALL = frozenset(("city", "region", "admin2"))


@lru_cache(maxsize=1 << 15)
def is_region(gazetteer: Gazetteer, name: int) -> bool:
    """Whether a curated region, sea or site is known first of all by this name."""
    return any(b.kind == PRIMARY and gazetteer.kind(b.place) not in SETTLED_KINDS for b in gazetteer.bearers(name))


def may_stand_as_place(gazetteer: Gazetteer, name: int, facts: NameFacts) -> bool:
    """Whether the name is that of few towns or sites, or of a division called after its town."""
    if facts.bearers > FEW:
        return False
    if facts.kind in SMALL:
        return True
    return facts.kind == "admin1" and any(gazetteer.kind(b.place) == "city" and b.kind == PRIMARY for b in gazetteer.bearers(name))


class Rules:
    """The rules, for the proposals of an article."""

    def __init__(self, article: Article) -> None:
        self.article, self.gazetteer = article, article.gazetteer
        self.words, self.starts, self.ends = article.words, article.analysis.starts, article.analysis.ends
        lexicon = article.gazetteer.lexicon
        self.organisations = lexicon.get("organisations", frozenset())
        self.treaty_words = lexicon.get("treaty_words", frozenset())
        self.function_words = lexicon.get("function_words", frozenset())

    def is_no_place(self, span: Span) -> bool:
        """Whether the span names an organisation, a person, a treaty, a circle of states or nothing at all."""
        i, j, _, facts = span
        words = self.words
        word = words[i]
        if j - i > 1:
            return " ".join([w.form for w in words[i:j]]) in self.organisations or self._names_treaty(j, facts)
        if word.form in self.organisations or self._names_treaty(j, facts):
            return True
        if i > 1 and words[i - 1].text == "-" and words[i - 2].lower:
            return True  # "Lago" in "Mar-a-Lago"
        abbreviated = word.text.isupper() or (facts is not None and facts.kind == "code")  # "US", "Ill."
        if not abbreviated and (word.folded in DIRECTIONS or word.folded in self.function_words):
            return True
        return self._is_person(i, j)

    def _names_treaty(self, j: int, facts: NameFacts | None) -> bool:
        """Whether token j makes what is before it a treaty or a circle of states: "Minsk Group", "Dayton accords"."""
        if j >= len(self.words):
            return False
        word = self.words[j]
        if word.folded not in self.treaty_words or self.starts[j] - self.ends[j - 1] != 1:
            return False
        return word.capital or word.folded == "alliance" or (word.folded in TREATIES and facts is not None and facts.kind in ("city", "capital"))

    def _is_person(self, i: int, j: int) -> bool:
        """Whether a given name stands before the word, or the word is one and another follows: "Paris Jackson"."""
        words = self.words
        before = words[i - 1] if i else None
        following = words[j] if j < len(words) else None
        if before is not None and "g" in before.classes and before.capital and i not in self.article.opens:
            return self.starts[i] - self.ends[i - 1] == 1 and (following is None or following.text != ",")
        if "G" not in words[i].classes or following is None or not following.capital:
            return False
        if self.starts[j] - self.ends[j - 1] != 1 or (before is not None and before.form in LOCATIVES):
            return False
        surname = following.classes in ("", "g", "G") and len(following.text) > 2
        return surname and (following.classes != "" or j not in self.article.longest)

    def follows_place(self, span: Span) -> bool:
        """Whether the span stands after a place and a comma: "Springfield, Ill."."""
        i = span.first
        return i > 1 and self.words[i - 1].text == "," and i - 1 in self.article.ends

    def names_region(self, span: Span) -> bool:
        """Whether the span is a name of two words or more of a curated region, sea or site, in capitals."""
        i, j, name, _ = span
        if name is None or j - i < 2 or not is_region(self.gazetteer, name):
            return False
        last = self.words[j - 1]
        generic = last.lower and "p" in last.classes  # "Yeonpyeong island"
        return all(w.capital or not w.text[0].isalpha() or w.text in NAME_PARTICLES for w in self.words[i : j - generic])

    def stands_as_place(self, span: Span) -> bool:
        """Whether a small place's name, which is no word and nobody's name, stands where news names places: "seized Konna"."""
        (i, j, name, facts), article = span, self.article
        if name is None or facts is None or not may_stand_as_place(self.gazetteer, name, facts) or article.in_longer_match(i, j):
            return False
        words, opens = self.words[i:j], i in article.opens
        if j - i == 1 and (words[0].classes or len(words[0].text) < 4):
            return False
        if set(words[0].classes) & set("gtcf") or not any(len(w.text) > 3 for w in words):
            return False
        if words[0].text.isupper() or self._before_capital(j) or article.use.person.get(words[-1].form):
            return False
        before = self.words[i - 1] if i else None
        if before is not None and before.capital and not opens:
            return False
        form = before.form if before is not None else ""
        if form in ("and", ",") and any((k, i - 1) in article.facts for k in range(max(0, i - 4), i - 1)):
            return True  # in a list of places
        return form in BEFORE_PLACES or (opens and j < len(self.words) and self.words[j].form in BEFALLING)

    def _before_capital(self, j: int) -> bool:
        """Whether token j is capitalised and stands beside the one before it."""
        return j < len(self.words) and self.words[j].capital and self.starts[j] - self.ends[j - 1] == 1

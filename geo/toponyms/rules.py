"""What is no place or surely one, whatever the weights say: persons, treaties and organisations; codes and curated regions."""

from __future__ import annotations

from functools import lru_cache

from geo.gazetteer import PRIMARY, Gazetteer
from geo.toponyms.spans import Article, NameFacts, Span
from geo.toponyms.words import LOCATIVES, Word, vocabulary

DIRECTIONS = frozenset("north south east west northern southern eastern western central".split())
NAME_PARTICLES = frozenset(("of", "the", "and", "'s", "’s"))
NOBLE = frozenset("dos das do da de del della van von bin ibn".split())
SETTLED_KINDS = frozenset(("country", "capital", "admin1", "admin2", "city"))
TREATIES = frozenset("accord accords agreements process protocol protocols statute troika quartet".split())

CURATED_CONFIDENCE = 0.9
DOUBTFUL = 0.03  # below that not even its context makes a name a place
DEMONYM_THRESHOLD = 0.15  # corpora disagree on demonyms: one marks 87 % of them, another 5 %
FEW = 3  # magnitude of a name's bearers up to which it is plain whose it is
BEFORE_PLACES = (LOCATIVES - {"of", "into", "between"}) | frozenset(
    """seize capture recapture retake take enter storm shell bomb bombard attack besiege flee leave reach hit strike overrun occupy
    liberate evacuate visit abandon hold lose surround encircle
    seized captured recaptured retook took entered stormed shelled bombed bombarded attacked besieged fled left reached struck
    overran occupied liberated evacuated visited abandoned held lost surrounded encircled retaken taken
    seizing capturing recapturing retaking taking entering storming shelling bombing attacking besieging fleeing leaving reaching
    occupying evacuating visiting surrounding into off via through""".split()
)
JOINING = ("and", ",")
BEFALLING = frozenset("fell was were , has had itself is remains remained".split())
PLAIN_WORDS = DIRECTIONS | NOBLE | TREATIES | BEFORE_PLACES.union(JOINING, BEFALLING, "-")
"""All that the rules ask for by their letters."""
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


def doubts(word: Word) -> tuple[bool, bool, bool, bool]:
    """Whether a word may be what makes `is_no_place` true of a single one.

    As itself; as itself before a capital; as the word before; as the word after.
    """
    plain = (word.folded in DIRECTIONS or "f" in word.classes) and not word.text.isupper()
    before = word.text == "-" or word.text in NOBLE or ("g" in word.classes and word.capital)
    return plain or "n" in word.classes, "G" in word.classes, before, word.treaty


def lets_stand(word: Word) -> tuple[bool, bool]:
    """Whether a word may be what makes `stands_as_place` true: as the word before; as the word after."""
    return word.form in BEFORE_PLACES or word.form in JOINING, word.form in BEFALLING


class Rules:
    """The rules, for the proposals of an article."""

    def __init__(self, article: Article) -> None:
        self.article, self.gazetteer, self.analysis = article, article.gazetteer, article.analysis
        self.known, self.texts = vocabulary(article.gazetteer), article.analysis.words

    def _word(self, i: int) -> Word:
        return self.known[self.texts[i]]

    def _word_from(self, i: int) -> Word | None:
        """Word i, None before the first one and after the last."""
        return self.known[self.texts[i]] if 0 <= i < len(self.texts) else None

    def probability(self, span: Span, p: float, threshold: float) -> float:
        """The learned probability p, but for what corpora mark too rarely, too differently or against a map's sense."""
        if span.name is None:
            return 0.0 if p < threshold or self.is_no_place(span) else p
        if self.is_no_place(span):
            return 0.0
        kind = span.facts.kind if span.facts is not None else ""
        if kind == "demonym" and p >= DEMONYM_THRESHOLD:
            return max(p, threshold)
        if (kind == "code" and self.follows_place(span)) or self.names_region(span):
            return max(p, CURATED_CONFIDENCE)
        if p >= threshold or p < DOUBTFUL:
            return p
        return threshold if self.stands_as_place(span) else p

    def is_no_place(self, span: Span) -> bool:
        """Whether the span names an organisation, a person, a treaty, a circle of states or nothing at all."""
        i, j, _, facts = span
        if j - i > 1:
            return self._names_organisation(i, j) or self._names_treaty(j, facts)
        word = self._word(i)
        if "n" in word.classes or self._names_treaty(j, facts):
            return True
        if i > 1 and self.texts[i - 1] == "-" and self._word(i - 2).lower:
            return True  # "Lago" in "Mar-a-Lago"
        abbreviated = word.text.isupper() or (facts is not None and facts.kind == "code")  # "US", "Ill."
        if not abbreviated and (word.folded in DIRECTIONS or "f" in word.classes):
            return True
        return self._is_person(i, j)

    def _names_organisation(self, i: int, j: int) -> bool:
        if not self._word(i).opens_organisation:
            return False
        return " ".join([self._word(k).form for k in range(i, j)]) in self.gazetteer.lexicon["organisations"]

    def _names_treaty(self, j: int, facts: NameFacts | None) -> bool:
        """Whether token j makes what is before it a treaty or a circle of states: "Minsk Group", "Dayton accords"."""
        word = self._word_from(j)
        if word is None or not word.treaty or self.analysis.gap(j - 1) != 1:
            return False
        return word.capital or word.folded == "alliance" or (word.folded in TREATIES and facts is not None and facts.kind in ("city", "capital"))

    def _is_person(self, i: int, j: int) -> bool:
        """Whether a given name stands before the word, or the word is one and another follows: "Paris Jackson"."""
        before, following = self._word_from(i - 1), self._word_from(j)
        if before is not None and "g" in before.classes and before.capital and i not in self.article.opens:
            return self.analysis.gap(i - 1) == 1 and (following is None or following.text != ",")
        if before is not None and before.text in NOBLE and i > 1 and "g" in self._word(i - 2).classes and self._word(i - 2).capital:
            return True  # "Eduardo dos Santos"
        if "G" not in self._word(i).classes or following is None or not following.capital:
            return False
        if self.analysis.gap(j - 1) != 1 or (before is not None and before.form in LOCATIVES):
            return False
        surname = following.classes in ("", "g", "G") and len(following.text) > 2
        return surname and (following.classes != "" or j not in self.article.longest)

    def follows_place(self, span: Span) -> bool:
        """Whether the span stands after a place and a comma: "Springfield, Ill."."""
        i = span.first
        return i > 1 and self.texts[i - 1] == "," and i - 1 in self.article.ends

    def names_region(self, span: Span) -> bool:
        """Whether the span is a name of two words or more of a curated region, sea or site, in capitals."""
        i, j, name, _ = span
        if name is None or j - i < 2 or not is_region(self.gazetteer, name):
            return False
        last = self._word(j - 1)
        generic = last.lower and "p" in last.classes  # "Yeonpyeong island"
        words = [self._word(k) for k in range(i, j - generic)]
        return all(w.capital or not w.text[0].isalpha() or w.text in NAME_PARTICLES for w in words)

    def stands_as_place(self, span: Span) -> bool:
        """Whether a small place's name, which is no word and nobody's name, stands where news names places: "seized Konna"."""
        (i, j, name, facts), article = span, self.article
        if name is None or facts is None or not may_stand_as_place(self.gazetteer, name, facts):
            return False
        first, before = self._word(i), self._word_from(i - 1)
        if j - i == 1 and (first.classes or len(first.text) < 4):
            return False
        if set(first.classes) & set("gtcf") or not any(len(text) > 3 for text in self.texts[i:j]):
            return False
        if first.text.isupper() or self._before_capital(j):
            return False
        if before is not None and before.capital and i not in article.opens:
            return False
        if not self._among_places(i, j, before.form if before is not None else ""):
            return False
        return not article.in_longer_match(i, j) and not article.stands_as_person(j - 1)

    def _among_places(self, i: int, j: int, before: str) -> bool:
        """Whether the words around tokens `i:j` are those around a place, or these stand in a list of places."""
        if before in BEFORE_PLACES:
            return True
        following = self._word_from(j)
        if following is not None and following.form in BEFALLING and i in self.article.opens:
            return True
        return before in JOINING and any((k, i - 1) in self.article.facts for k in range(max(0, i - 4), i - 1))

    def _before_capital(self, j: int) -> bool:
        """Whether token j is capitalised and stands beside the one before it."""
        following = self._word_from(j)
        return following is not None and following.capital and self.analysis.gap(j - 1) == 1

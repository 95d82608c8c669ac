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


@lru_cache(maxsize=1 << 15)
def is_region(gazetteer: Gazetteer, name: int) -> bool:
    """Whether a curated region, sea or site is known first of all by this name."""
    return any(b.kind == PRIMARY and gazetteer.kind(b.place) not in SETTLED_KINDS for b in gazetteer.bearers(name))


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
        return word.capital or (word.folded in TREATIES and facts is not None and facts.kind in ("city", "capital"))

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
        return all(w.capital or not w.text[0].isalpha() or w.text in NAME_PARTICLES for w in self.words[i:j])

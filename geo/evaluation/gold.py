"""Gold toponyms as the tool's own mentions, so that the resolver is trained and measured by itself."""

from __future__ import annotations

from geo.evaluation.corpora import GoldArticle, GoldToponym
from geo.gazetteer import Gazetteer
from geo.model import Mention
from geo.text import analyse
from geo.toponyms.spans import name_facts


def gold_toponyms(article: GoldArticle) -> list[GoldToponym]:
    """The article's gold toponyms by place in the text."""
    return sorted(article.toponyms, key=lambda t: (t.start, t.end))


def gold_mentions(article: GoldArticle, gazetteer: Gazetteer) -> list[Mention]:
    """`gold_toponyms` as mentions that are certain."""
    return [
        Mention(t.start, t.end, t.text, "demonym" if is_demonym(t, gazetteer) else "name", (), 1.0)
        for t in gold_toponyms(article)
    ]


def is_demonym(toponym: GoldToponym, gazetteer: Gazetteer) -> bool:
    """Whether the tool would take the gold toponym's name for a demonym ("Armenian", "Syrians")."""
    analysis = analyse(toponym.text)
    names = (m.name for m in gazetteer.matches(analysis, 0) if m.last == len(analysis.words)) if analysis.words else ()
    return any((facts := name_facts(gazetteer, name)) is not None and facts.kind == "demonym" for name in names)

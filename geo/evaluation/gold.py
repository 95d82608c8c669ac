"""Gold toponyms as the tool's own mentions, so that the resolver is trained and measured by itself."""

from __future__ import annotations

from geo.evaluation.corpora import GoldArticle, GoldToponym
from geo.gazetteer import Gazetteer
from geo.model import Mention
from geo.toponyms.spans import names_demonym


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
    return names_demonym(toponym.text, gazetteer)

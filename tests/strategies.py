"""Hypothesis strategies for text: what Unicode allows, and what news is made of."""

from __future__ import annotations

from hypothesis import strategies as st

# Pieces that have broken tokenisers, splitters and matchers: marks of every sort between ordinary words.
PIECES = (
    "Baku", "baku", "the", "The", "in", "Mr.", "St.", "U.S.", "W.Va.", "Washington", "said", "New", "York", "West Bank",
    "Armenia", "Azerbaijan", "border", "Lachin corridor", "Granada", "Michel", "d'Ivoire", "Naxçıvan", "İstanbul", "Gießen",
    "e\u0301", "Me\u0301xico", "ﬁnland", "㎏", "𝐁𝐚𝐤𝐮", "Ⅷ", "½", "日本", "القاهرة", "תל אביב", "🇦🇲", "👩\u200d🚀", "\u202e", "\u200f",
    "\ud800", "\udfff", "\0", "\x1b[31m", "\ufeff", "\u00a0", "\u2028", "'s", "’s", "’", "“", "”", '"', "(", ")", ".", "...", "…",
    "!", "?", ",", ";", ":", "-", "–", "—", "/", "_", "1,000.50", "2023", " ", "  ", "\t", "\n", "\r\n", "\n\n", "\n \n",
)  # fmt: skip

any_text = st.text(st.characters())
"""All of Unicode, lone surrogates too."""

news_like = st.lists(st.sampled_from(PIECES), max_size=40).flatmap(
    lambda pieces: st.sampled_from(("", " ")).map(lambda gap: gap.join(pieces))
)
texts = any_text | news_like

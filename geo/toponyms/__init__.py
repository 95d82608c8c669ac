"""Which stretches of a text name a place, and which place each means."""

from geo.toponyms.recogniser import recognise, recognise_all
from geo.toponyms.resolver import resolve, resolve_all
from geo.toponyms.spans import mention_at

__all__ = ["mention_at", "recognise", "recognise_all", "resolve", "resolve_all"]

"""Which stretches of a text name a place, and which place each means."""

from geo.toponyms.recogniser import recognise
from geo.toponyms.resolver import resolve
from geo.toponyms.spans import mention_at

__all__ = ["mention_at", "recognise", "resolve"]

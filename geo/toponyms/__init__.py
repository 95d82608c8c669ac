"""Which stretches of a text name a place, and which place each means."""

from geo.toponyms.recogniser import recognise
from geo.toponyms.resolver import resolve

__all__ = ["recognise", "resolve"]

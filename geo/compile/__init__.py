"""Gazetteer sources → the compiled file."""

from geo.compile.compiler import compile_gazetteer, is_current

__all__ = ["compile_gazetteer", "is_current"]

"""Paths, folders, JSON lines, metadata, standard input → `Document`s."""

from geo.documents.parts import Part, find_parts, metadata_of, read_part
from geo.documents.read import MAX_ARTICLE_BYTES, MAX_FIELD, Failure, read_documents

__all__ = [
    "MAX_ARTICLE_BYTES",
    "MAX_FIELD",
    "Failure",
    "Part",
    "find_parts",
    "metadata_of",
    "read_documents",
    "read_part",
]

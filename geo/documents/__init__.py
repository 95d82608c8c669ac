"""Paths, folders and standard input in any format → `Document`s; parts of archives (`parts`) for many readers."""

from geo.documents.read import MAX_ARTICLE_BYTES, MAX_FIELD, read_documents
from geo.documents.record import Failure

__all__ = ["MAX_ARTICLE_BYTES", "MAX_FIELD", "Failure", "read_documents"]

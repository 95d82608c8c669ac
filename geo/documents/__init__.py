"""Paths, folders, JSON lines, metadata, standard input → `Document`s."""

from geo.documents.read import Failure, read_documents

__all__ = ["Failure", "read_documents"]

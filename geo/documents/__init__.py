"""Paths, folders and standard input in any format → `Document`s."""

from geo.documents.read import read_documents
from geo.documents.record import Failure

__all__ = ["Failure", "read_documents"]

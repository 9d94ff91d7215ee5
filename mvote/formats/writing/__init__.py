"""Counted ballots as files that others read, piece by piece, one ballot after another."""

from collections.abc import Callable, Iterator, Mapping

from mvote.formats.writing.ballots import Export, NotWritable
from mvote.formats.writing.csv_file import write_csv
from mvote.formats.writing.nist_file import write_nist
from mvote.formats.writing.pabulib_file import write_pabulib
from mvote.formats.writing.preflib_file import write_preflib

FORMATS: Mapping[str, Callable[[Export], Iterator[str]]] = {
    "nist": write_nist,
    "preflib": write_preflib,
    "pabulib": write_pabulib,
    "csv": write_csv,
}

__all__ = ["FORMATS", "Export", "NotWritable"]

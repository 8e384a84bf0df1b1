"""A large index on disk: built once, mapped into memory by every process, replaced in one step.

A generation is a folder of arrays and a manifest. ``CURRENT`` names the one in use; it is written last and
swapped in one step, so that whoever dies while building leaves only a folder that nobody reads. Readers keep
their generation while they use it, whatever is swapped meanwhile.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
from platformdirs import user_cache_path
from sqlalchemy import URL

from rqf.matching.packing import DOCUMENTS, arrays_of, of_arrays
from rqf.matching.scoring import METHOD_VERSION
from rqf.matching.segments import Segment
from rqf.matching.strings import Read

#: Raised when the arrays on disk change their meaning.
_FORMAT = 1


@dataclass(frozen=True)
class Label:
    """What a generation was made of: the last change it has read, and whose that was; synonyms, encoder."""

    watermark: int
    witness: str
    synonyms: str
    encoder: str = ""


class Shelf:
    """The generations of one database's index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def beside(cls, url: URL) -> Shelf | None:
        """Return the shelf of a database: beside an embedded one, else in the user's cache."""
        if url.get_backend_name() == "sqlite":
            known = url.database not in (None, "", ":memory:")
            return cls(Path(f"{url.database}.index")) if known else None
        name = hashlib.sha256(url.render_as_string(hide_password=True).encode()).hexdigest()[:24]
        return cls(user_cache_path("rqf", appauthor=False) / "index" / name)

    def current(self) -> str | None:
        """Return the name of the generation in use."""
        try:
            return (self._folder / "CURRENT").read_text().strip() or None
        except FileNotFoundError:
            return None

    def open(self, name: str) -> tuple[Segment, Label] | None:
        """Map a generation, or return None if it is not whole or made by another method."""
        folder = self._folder / name
        try:
            manifest = json.loads((folder / "manifest.json").read_text())
            if [manifest["format"], manifest["method"]] != [_FORMAT, METHOD_VERSION]:
                return None
            arrays = {one: np.load(folder / f"{one}.npy", mmap_mode="r") for one in manifest["arrays"]}
            # Plain arrays over the mapped bytes: a memmap makes every small slice slow.
            plain = {one: np.asarray(array).view(np.ndarray) for one, array in arrays.items()}
            if {one: array.nbytes for one, array in plain.items()} != manifest["arrays"]:
                return None
            read = _reader(folder / f"{DOCUMENTS}.npy", arrays[DOCUMENTS].offset)
            return of_arrays(plain, manifest["values"], read), Label(**manifest["label"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, segment: Segment, label: Label) -> str:
        """Write a generation and make it the current one; return its name."""
        name = f"{label.watermark:012d}-{uuid4().hex[:8]}"
        folder = self._folder / name
        folder.mkdir(parents=True)
        arrays = arrays_of(segment)
        for one, array in arrays.items():
            with open(folder / f"{one}.npy", "wb") as file:
                np.save(file, array)
                file.flush()
                os.fsync(file.fileno())
        manifest = {
            "format": _FORMAT,
            "method": METHOD_VERSION,
            "label": vars(label),
            "values": segment.values,
            "arrays": {one: array.nbytes for one, array in arrays.items()},
        }
        _write(folder / "manifest.json", json.dumps(manifest, ensure_ascii=False))
        previous = self.current()
        _write(self._folder / "CURRENT", name)
        self._sweep({name, previous})
        return name

    def clear(self) -> None:
        """Say that no generation may be used any more."""
        (self._folder / "CURRENT").unlink(missing_ok=True)

    @contextmanager
    def building(self, *, wait: bool) -> Iterator[bool]:
        """Let one process build at a time. Gives False if another one does and ``wait`` is off."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with open(self._folder / "LOCK", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    def _sweep(self, kept: set[str | None]) -> None:
        """Remove generations that are neither current nor the one before, and what a dead builder left."""
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def _reader(path: Path, offset: int) -> Read:
    """Return what reads bytes of an array's file.

    The texts are most of an index, and ten of a million are shown: mapped, each would bring its neighbours
    into the memory of every process.
    """
    # Open as long as the segment lives, also after its folder is gone.
    file = os.open(path, os.O_RDONLY)

    def read(start: int, end: int) -> bytes:
        return os.pread(file, end - start, offset + start)

    weakref.finalize(read, os.close, file)
    return read


def _write(path: Path, text: str) -> None:
    """Write a file in one step."""
    part = path.with_suffix(".part")
    with open(part, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)

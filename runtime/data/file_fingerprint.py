"""The content hash of a file, looked up where size and time of the last change are those of the last look."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from ..atomic_file import write_json_atomically

# Smaller files are hashed in less time than a record of them is read.
_WORTH_KEEPING = 16 * 2**20
_KEPT = 64


def file_fingerprint(path: Path, folder: Path) -> str:
    """sha256 of the file's bytes. Raises OSError."""
    status = path.stat()
    if status.st_size < _WORTH_KEEPING:
        return _hash(path)
    state = [status.st_size, status.st_mtime_ns]
    place = Path(folder) / ".weftwork" / "cache" / "fingerprints.json"
    known = _read(place)
    entry = known.get(str(path))
    if entry and entry[:2] == state:
        return entry[2]
    found = _hash(path)
    known.pop(str(path), None)
    kept = dict([*known.items(), (str(path), [*state, found])][-_KEPT:])
    # Where it cannot be kept, the file is hashed again the next time.
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_json_atomically(place, kept, durable=False)
    return found


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(place: Path) -> dict[str, list]:
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}

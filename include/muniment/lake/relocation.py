"""Iceberg's metadata for a lake that lies somewhere else: the same bytes but for the places they name.

Iceberg writes full locations into its table metadata (JSON), manifest lists and manifests (Avro), so a copied table
does not stand on its own feet until they are changed. A manifest list also names the length of each manifest, which a
reader takes for the truth and which changes with the locations. The data files themselves name no place.
"""

import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

UNREADABLE = (ValueError, LookupError, EOFError, zlib.error)
"""What reading Avro or JSON raises where a writer was killed in the middle of it, or where a disk lost the end."""


def relocate(files: Mapping[str, Path], old: str, new: str) -> None:
    """Rewrite metadata files in place, from a lake at the location `old` to one at `new`; both end in a slash.

    `files` are paths by the location in the *new* lake: the tables' metadata (.json), manifest lists and manifests
    (.avro). A location outside the old lake stays as it is, and so does a file that was written in part: no table
    names it, and of one that a table does name the table will say so.
    """
    lists = [path for path in files.values() if path.suffix == ".avro" and _lists_manifests(path)]
    for path in files.values():
        if path.suffix == ".json":
            _rewrite_json(path, old, new)
        elif path not in lists:
            _rewrite_avro(path, old, new, {})
    lengths = {location: path.stat().st_size for location, path in files.items()}
    for path in lists:
        _rewrite_avro(path, old, new, lengths)


def _moved(value: Any, old: str, new: str) -> Any:
    """The value with every string in it that begins with `old` beginning with `new` instead."""
    if isinstance(value, str):
        return new + value.removeprefix(old) if value.startswith(old) else value
    if isinstance(value, dict):
        return {name: _moved(one, old, new) for name, one in value.items()}
    return [_moved(one, old, new) for one in value] if isinstance(value, list) else value


def _lists_manifests(path: Path) -> bool:
    from fastavro import reader

    with path.open("rb") as file, suppress(*UNREADABLE):
        schema: Any = reader(file).writer_schema
        return bool(schema["name"] == "manifest_file")
    return False


def _rewrite_json(path: Path, old: str, new: str) -> None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except UNREADABLE:
        return
    path.write_text(json.dumps(_moved(value, old, new), separators=(",", ":")), encoding="utf-8")


def _rewrite_avro(path: Path, old: str, new: str, lengths: Mapping[str, int]) -> None:
    """Rewrite an Avro file, schema and file metadata as they are; `lengths` of manifests by location."""
    from fastavro import reader, writer

    try:
        with path.open("rb") as file:
            avro = reader(file)
            records: list[dict[str, Any]] = [_moved(record, old, new) for record in avro]
    except UNREADABLE:
        return
    for record in records:
        if "manifest_path" in record:
            record["manifest_length"] = lengths.get(record["manifest_path"], record["manifest_length"])
    kept = {name: text for name, text in avro.metadata.items() if not name.startswith("avro.")}
    with path.open("wb") as file:
        writer(file, avro.writer_schema, records, codec=avro.codec, metadata=kept)

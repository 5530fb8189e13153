"""Iceberg commits that PyIceberg lacks: the same rows in other files with the manifests put together, files replaced
without a trace in a branch or tag, and snapshots let go unless one was named meanwhile. When that is due belongs to
maintenance and to erasure. Imported late, because PyIceberg is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.manifest import DataFile, ManifestEntry, ManifestEntryStatus, ManifestFile
from pyiceberg.table import Table, Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.refs import SnapshotRefType
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update import (
    AddSnapshotUpdate,
    AssertRefSnapshotId,
    RemoveSnapshotRefUpdate,
    RemoveSnapshotsUpdate,
    SetSnapshotRefUpdate,
    ValidatableTableRequirement,
)
from pyiceberg.table.update.snapshot import _ManifestMergeManager, _OverwriteFiles
from pyiceberg.utils.bin_packing import ListPacker

from muniment.lake.iceberg import data_file
from muniment.lake.tables import MANIFEST_BYTES, last_change


class _Rewrite(_OverwriteFiles):
    """The library's overwrite with the last step of its merging append, else manifests of replaced windows pile up.

    The library leaves a manifest of full size as it is. Joined files leave one that tells of four files that went for
    each that came, and whoever looks for a window would read of them for ever.
    """

    def _process_manifests(self, manifests: list[ManifestFile]) -> list[ManifestFile]:
        by_spec = defaultdict[int, list[ManifestFile]](list)
        for one in manifests:
            if self._is_new(one) or one.has_added_files() or one.has_existing_files():
                by_spec[one.partition_spec_id].append(one)
        return [one for spec, group in by_spec.items() for one in self._put_together(spec, group)]

    def _put_together(self, spec: int, manifests: list[ManifestFile]) -> Iterator[ManifestFile]:
        merging = _ManifestMergeManager(MANIFEST_BYTES, 1, True, self)
        for together in ListPacker[ManifestFile](MANIFEST_BYTES, 1, False).pack_end(manifests, self._weight):
            as_it_is = len(together) == 1 and not self._is_stale(together[0])
            yield together[0] if as_it_is else merging._create_manifest(spec, together)

    def _weight(self, manifest: ManifestFile) -> int:
        """About how many bytes of a manifest will be left."""
        if not self._is_stale(manifest):
            return manifest.manifest_length
        return manifest.manifest_length * listed(manifest) // (listed(manifest) + gone(manifest))

    def _is_stale(self, manifest: ManifestFile) -> bool:
        """Whether it tells of files that went before this snapshot."""
        return not self._is_new(manifest) and gone(manifest) > 0

    def _is_new(self, manifest: ManifestFile) -> bool:
        return manifest.added_snapshot_id == self.snapshot_id


def listed(manifest: ManifestFile) -> int:
    """How many files a manifest tells of that are there."""
    return (manifest.added_files_count or 0) + (manifest.existing_files_count or 0)


def gone(manifest: ManifestFile) -> int:
    """How many files a manifest tells of that its snapshot removed: news to that one alone."""
    return manifest.deleted_files_count or 0


def rewrite(table: Table, old: Iterable[DataFile], new: Iterable[str], about: Mapping[str, str]) -> None:
    """Put the files at `new` in the place of `old`, and the entries of all manifests into as few as they fit in.

    CommitFailedException when the table is not as it was loaded.
    """
    with table.transaction() as transaction:
        producer = _Rewrite(Operation.OVERWRITE, transaction, table.io, snapshot_properties=dict(about))
        for file in old:
            producer.delete_data_file(file)
        for location in new:
            producer.append_data_file(data_file(table.io, table.metadata, location))
        producer.commit()
        not_before(transaction, last_change(table))


_LISTED = 200  # files in a manifest: as many as one of `MANIFEST_BYTES` lists
_WORKING = "muniment-working"


class _Cleansed(_OverwriteFiles):
    """An overwrite that lists what is live and nothing else. Iceberg also lists the files that a snapshot removed, with
    the least and greatest value of each of their columns."""

    def _existing_manifests(self) -> list[ManifestFile]:
        live: defaultdict[int, list[ManifestEntry]] = defaultdict(list)
        snapshot = self._transaction.table_metadata.snapshot_by_name(name=self._target_branch)
        for manifest in snapshot.manifests(io=self._io) if snapshot else ():
            for entry in self.fetch_manifest_entry(manifest):
                if entry.data_file not in self._deleted_data_files:
                    live[manifest.partition_spec_id].append(entry)
        return [
            self._listing(spec, sorted(entries, key=lambda entry: entry.data_file.file_path)[at : at + _LISTED])
            for spec, entries in live.items()
            for at in range(0, len(entries), _LISTED)
        ]

    def _listing(self, spec: int, entries: list[ManifestEntry]) -> ManifestFile:
        with self.new_manifest_writer(self.spec(spec)) as writer:
            for entry in entries:
                writer.add_entry(
                    ManifestEntry.from_args(
                        status=ManifestEntryStatus.EXISTING,
                        snapshot_id=entry.snapshot_id,
                        sequence_number=entry.sequence_number,
                        file_sequence_number=entry.file_sequence_number,
                        data_file=entry.data_file,
                    )
                )
        return writer.to_manifest_file()

    def _deleted_entries(self) -> list[ManifestEntry]:
        return []


def cleanse(table: Table, ref: str, old: Iterable[DataFile], new: Iterable[str], about: Mapping[str, str]) -> None:
    """Put the files at `new` in the place of `old` in what a branch or tag names, and list nothing of what was there.

    A tag names the new snapshot afterwards. CommitFailedException when the table is not as it was loaded.
    """
    tag = table.metadata.refs[ref] if table.metadata.refs[ref].snapshot_ref_type == SnapshotRefType.TAG else None
    branch = _WORKING if tag else ref
    with table.transaction() as transaction:
        if tag:  # commits go to branches only
            still = AssertRefSnapshotId.model_validate({"ref": ref, "snapshot-id": tag.snapshot_id})
            transaction._stage((_naming(branch, SnapshotRefType.BRANCH, tag.snapshot_id),), (still,))
        producer = _Cleansed(Operation.OVERWRITE, transaction, table.io, snapshot_properties=dict(about), branch=branch)
        for file in old:
            producer.delete_data_file(file)
        for location in new:
            producer.append_data_file(data_file(table.io, table.metadata, location))
        producer.commit()
        if tag:
            named = _naming(ref, SnapshotRefType.TAG, producer.snapshot_id)
            transaction._stage((named, RemoveSnapshotRefUpdate.model_validate({"ref-name": branch})))
        not_before(transaction, last_change(table))


def _naming(ref: str, kind: SnapshotRefType, snapshot: int) -> SetSnapshotRefUpdate:
    return SetSnapshotRefUpdate.model_validate({"ref-name": ref, "type": kind, "snapshot-id": snapshot})


def not_before(transaction: Transaction, last: int) -> None:
    """Stamp the snapshot later than `last`, the table's last change in milliseconds, whatever this clock says.

    So the order of commits and that of their times are one, also where the clocks of two machines disagree or one was
    set back. Engines refuse a table whose history goes back in time.
    """

    def later(update: Any) -> Any:
        if not isinstance(update, AddSnapshotUpdate) or update.snapshot.timestamp_ms > last:
            return update
        return AddSnapshotUpdate(snapshot=update.snapshot.model_copy(update={"timestamp_ms": last + 1}))

    transaction._updates = tuple(later(update) for update in transaction._updates)


class _SameRefs(ValidatableTableRequirement):
    """Tags and branches are what they were: else what removes a snapshot would remove the tag that it just got."""

    type: Literal["muniment-same-refs"] = "muniment-same-refs"
    refs: dict[str, int]

    def validate(self, base_metadata: TableMetadata | None) -> None:  # type: ignore[override]
        if base_metadata is None or _refs(base_metadata) != self.refs:
            raise CommitFailedException("Tags or branches have changed meanwhile.")


def _refs(metadata: TableMetadata) -> dict[str, int]:
    return {name: ref.snapshot_id for name, ref in metadata.refs.items()}


def expire(table: Table, snapshots: Iterable[int], properties: Mapping[str, str]) -> None:
    """Let snapshots go and set properties in one commit. The files stay.

    CommitFailedException when tags or branches changed since the table was loaded; a REST catalog cannot tell.
    """
    refs: tuple[Any, ...] = (_SameRefs(refs=_refs(table.metadata)),) if isinstance(table.catalog, SqlCatalog) else ()
    with table.transaction() as transaction:
        transaction.set_properties(dict(properties))
        # The library's own expiry copies the whole metadata for each snapshot that it is given.
        transaction._stage((RemoveSnapshotsUpdate(snapshot_ids=list(snapshots)),), refs)  # type: ignore[call-arg]

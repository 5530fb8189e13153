"""Ageing: originals move into the archive, and what was kept long enough goes, unless a legal hold covers it.

What is due is said by `lifecycle`, what is held by `holds`. A round may be killed anywhere and be given again: what
moves is copied and read back first, and what remains to be deleted is found again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

from muniment.contract import tables
from muniment.erasure.tombstones import Erased
from muniment.errors import MunimentError
from muniment.keeping.bucket_rules import keep_rules
from muniment.keeping.holds import Covered, Holds
from muniment.keeping.lifecycle import Ages, LifecycleError, Policy, believed, last_round, note_round
from muniment.keeping.originals import ARCHIVE, LEAVING, RAW, archive_key, leaving_key
from muniment.lake import LakeError
from muniment.lake.maintenance import Amount, Step
from muniment.outcomes import PARTS, window_of
from muniment.platform import Platform
from muniment.progress import Reporter
from muniment.register import Manifest
from muniment.staging import Writer

READINGS = "readings"
"""What was read from originals, beside the tables: outcomes of reading, and how the objects of a window ended."""

_MEMO = "parsed"
_AT_ONCE = 8  # moves under way: what they wait for is the network
_TOGETHER = 200  # deletions in one look at the holds
_GRACE = timedelta(days=1)  # longer than a run takes


@dataclass(frozen=True)
class Report:
    """What a round at the instant `at`, which was believed, found and left: objects and bytes as they lie by tier, the
    windows it retired, what holds alone kept from going, what the S3 server was told, and what went wrong."""

    at: datetime
    tiers: tuple[Step, ...]
    retired: tuple[str, ...]
    held: Amount
    rules: str
    problems: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The form that `muniment lifecycle --json` prints."""
        return asdict(self) | {"at": self.at.isoformat(timespec="seconds")}


def age(platform: Platform, now: datetime, run_id: str, reporter: Reporter, *, dry: bool = False) -> Report:
    """Go through all that was registered at the aware instant `now`; with `dry`, say only what would be done.

    What cannot be moved or deleted is a problem of the report and does not keep the rest from it. MunimentError on a
    branch: the originals are main's.
    """
    if platform.settings.branch:
        raise MunimentError("Originals are main's: unset MUNIMENT_BRANCH to let them age.")
    with platform.lake.kept_up() if platform.lake.present() else nullcontext():
        return _aged(platform, now, run_id, reporter, dry=dry)


def _aged(platform: Platform, now: datetime, run_id: str, reporter: Reporter, *, dry: bool) -> Report:
    manifests = platform.register.manifests()
    time = believed(now, last_round(platform.store), manifests)
    ages = Ages(manifests, platform.register.retired(), time)
    rules = "" if dry else keep_rules(platform.store, platform.settings)
    with platform.scratch() as folder, reporter.stage("age") as stage:
        one = _Round(platform, ages, time, run_id, folder, reporter, dry)
        one.go()
        if not dry:
            note_round(platform.store, time, folder)
        report = one.report(rules)
        stage.count(archived=one.moved, set_aside=one.set_aside, deleted=one.deleted)
        stage.count(windows_retired=len(report.retired))
        stage.count(held=report.held.files, failed=len(report.problems))
    return report


class _Round:
    """One round. Listed is what lies there when it begins; whether anything is done is decided by `dry` at the end."""

    def __init__(
        self, platform: Platform, ages: Ages, now: datetime, run_id: str, folder: Path, reporter: Reporter, dry: bool
    ) -> None:
        self._platform, self._ages, self._now = platform, ages, now
        self._run_id, self._folder, self._reporter, self._dry = run_id, folder, reporter, dry
        self._policy = Policy.of(platform.settings)
        self._holds = Holds(platform.lake)
        self._raw = {PurePosixPath(info.key).name: info for info in platform.store.list(RAW)}
        self._leaving = {PurePosixPath(info.key).name: info for info in platform.store.list(LEAVING)}
        self._archived = {PurePosixPath(info.key).stem: info for info in platform.store.list(ARCHIVE)}
        readings = (info for prefix in (_MEMO, PARTS) for info in platform.store.list(prefix))
        self._readings = {info.key: info for info in readings}
        self._lying: dict[str, dict[str, int]] = {
            "hot": {name: info.size for name, info in (self._leaving | self._raw).items()},
            "warm": {},
            "cold": {},
            READINGS: {key: info.size for key, info in self._readings.items()},
        }
        for sha256, info in self._archived.items():
            self._lying[self._shelf(sha256)][sha256] = info.size
        self._before = self._amounts()
        self._retired: list[str] = []
        self._held: dict[str, int] = {}
        self._problems: list[str] = []
        self.moved = self.set_aside = self.deleted = 0

    def go(self) -> None:
        """All steps; where nobody knows what is held, nothing is deleted."""
        if not self._ages.windows:
            return
        self._try(self._archive)
        if self._try(self._look_at_holds):
            steps = (self._retire, self._let_readings_go, self._let_originals_go, self._let_set_aside_go)
            for step in (*steps, self._set_aside):
                self._try(step)

    def _try(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except (MunimentError, OSError) as error:
            self._problems.append(str(error))
            return False
        return True

    def _look_at_holds(self) -> None:
        """LifecycleError where the catalog is gone, or another one than that whose notes of holds lie in the store."""
        there = self._platform.lake.present()
        lying = "iceberg/control/holds" if there else "iceberg"
        if any(True for _ in self._platform.store.list(lying)) and not (there and self._holds.known()):
            raise LifecycleError(
                "The Iceberg catalog is not there, or not the one in which holds were placed: nothing was deleted. "
                "Check MUNIMENT_CATALOG_URI, or restore it from a backup."
            )

    def report(self, rules: str) -> Report:
        """What was found and left."""
        after = self._amounts()
        steps = tuple(Step(tier, before, after[tier]) for tier, before in self._before.items())
        held = Amount.of(self._held.values())
        return Report(self._now, steps, tuple(self._retired), held, rules, tuple(self._problems))

    def _amounts(self) -> dict[str, Amount]:
        return {tier: Amount.of(lying.values()) for tier, lying in self._lying.items()}

    def _shelf(self, sha256: str) -> str:
        """The tier of a content that lies in the archive."""
        found = self._ages.of(sha256)
        return "cold" if found is not None and self._policy.tier(found) == "cold" else "warm"

    # --- windows ------------------------------------------------------------------------------------------------------

    def _retire(self) -> None:
        """Retire windows that were kept long enough, and finish those of a round that was killed."""
        gone = self._ages.retired
        left = {key for contract in tables() for key in self._platform.lake.held(contract)} if gone else set()
        unfinished = [manifest for manifest in gone if manifest.window_key in left]
        due = [one for one in self._ages.live if self._ages.of_window(one) >= self._policy.retention]
        for manifest in (*unfinished, *due):
            self._retire_window(manifest)

    def _retire_window(self, manifest: Manifest) -> None:
        """Mark the window, so that nothing runs it again, then take its rows out of the tables."""
        lake, key = self._platform.lake, manifest.window_key
        try:
            with lake.claimed([manifest.window]), self._holds.deleting() as covered:
                if covered.has({entry.sha256 for entry in manifest.entries}, [key]):
                    self._held |= {entry.sha256: entry.size for entry in manifest.entries}
                    return
                if not self._dry:
                    self._platform.register.retire(manifest, self._now, self._run_id)
                    self._clear(manifest)
        except LakeError as error:
            self._problems.append(f"Window {key} was not retired: {error}")
        else:
            self._ages.retire(manifest)
            self._retired.append(key)

    def _clear(self, manifest: Manifest) -> None:
        for contract in tables():
            if manifest.window_key in self._platform.lake.held(contract):
                with Writer(contract, manifest.window, self._run_id, self._folder) as nothing:
                    pass
                self._platform.lake.commit(nothing.staged, self._run_id)

    # --- originals ----------------------------------------------------------------------------------------------------

    def _archive(self) -> None:
        """Move originals that lay at hand long enough. Those that no window brought may be about to be registered."""
        due = [name for name in self._raw if (found := self._ages.of(name)) and found >= self._policy.raw]
        due = [name for name in due if not self._lost_cells(name)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            moved = zip(due, pool.map(self._move, due, count()), strict=True)
            for done, (sha256, size) in enumerate(moved, start=1):
                self._reporter.advance(done, len(due))
                if size is not None:
                    del self._lying["hot"][sha256]
                    self._lying[self._shelf(sha256)][sha256] = size
                    self.moved += 1

    def _lost_cells(self, sha256: str) -> bool:
        """Whether a content lost cells: then it is not what its name says any more, and is not archived."""
        return bool(self._erased.cells(sha256))

    @cached_property
    def _erased(self) -> Erased:
        return self._platform.erased

    def _move(self, sha256: str, number: int) -> int | None:
        """The size of what was moved, in the archive; None when it could not be."""
        if self._dry:
            return self._raw[sha256].size
        spool = self._folder / f"move-{number}"
        try:
            return self._platform.originals.archive(sha256, spool)
        except FileNotFoundError:  # another round moved it
            return None
        except (MunimentError, OSError) as error:
            self._problems.append(str(error))
            return None
        finally:
            spool.unlink(missing_ok=True)

    def _let_originals_go(self) -> None:
        """Delete originals of which every window is retired.

        Whoever registers such a content again stores it again, unless it lay at hand just then. So it must not lie
        there now, nor have been moved from there lately.
        """
        horizon = self._now - _GRACE
        due = [
            sha256
            for sha256, info in self._archived.items()
            if self._ages.is_over(sha256) and sha256 not in self._raw and info.modified <= horizon
        ]
        for some in self._free(due, self._of_content, lambda one: self._archived[one].size):
            for sha256 in some:
                self._delete(archive_key(sha256))
                self._lying[self._shelf(sha256)].pop(sha256)

    def _let_set_aside_go(self) -> None:
        """Delete originals that were set aside a day ago, and take back what was registered on the way there."""
        elsewhere, horizon = self._raw.keys() | self._archived.keys(), self._now - _GRACE
        needless = {one for one in self._leaving if one in elsewhere or self._is_over(one)}
        for sha256 in self._leaving.keys() - needless:
            self._aside(self._platform.originals.take_back, sha256)
        due = [one for one in sorted(needless) if self._leaving[one].modified <= horizon]
        for some in self._free(due, self._of_content, lambda one: self._leaving[one].size):
            for sha256 in some:
                self._delete(leaving_key(sha256))
                if sha256 not in self._raw:
                    del self._lying["hot"][sha256]

    def _set_aside(self) -> None:
        """Set aside what lies at hand and cannot go from the archive: what lost cells and has no window any more, and
        what no window brought for as long as originals lie at hand, because a run was killed before it said so.

        Whoever registers such a content just now may have seen it at hand, and is done within a day.
        """
        horizon = self._now - self._policy.raw
        for sha256, info in self._raw.items():
            left = sha256 not in self._ages.contents and info.modified <= horizon
            if left or (self._ages.is_over(sha256) and self._lost_cells(sha256)):
                self._aside(self._platform.originals.set_aside, sha256)
                self.set_aside += 1

    def _aside(self, move: Callable[[str, Path], None], sha256: str) -> None:
        if not self._dry:
            spool = self._folder / "aside"
            with suppress(FileNotFoundError):  # another round moved it
                move(sha256, spool)
            spool.unlink(missing_ok=True)

    def _is_over(self, sha256: str) -> bool:
        """Whether no window that is not retired brought the content."""
        return sha256 not in self._ages.contents or self._ages.is_over(sha256)

    # --- readings -----------------------------------------------------------------------------------------------------

    def _let_readings_go(self) -> None:
        """Delete what was read from originals that are cold, and what tells how the objects of such windows ended.

        What was written lately is needed by the run that wrote it.
        """
        lying, horizon = self._lying[READINGS], self._now - _GRACE
        due = [
            key
            for key, info in self._readings.items()
            if (found := self._age_of_reading(key)) and found >= self._policy.processed and info.modified <= horizon
        ]
        for some in self._free(due, self._of_reading, lying.__getitem__):
            for key in some:
                self._delete(key)
                del lying[key]

    def _age_of_reading(self, key: str) -> timedelta | None:
        """None for what nobody knows; it is left alone."""
        window = window_of(key)
        if window is None:
            return self._ages.of(_content_of(key))
        manifest = self._ages.windows.get(window)
        return self._ages.of_window(manifest) if manifest else None

    def _of_reading(self, key: str) -> tuple[set[str], set[str]]:
        window = window_of(key)
        return self._of_content(_content_of(key)) if window is None else (set(), {window})

    # --- common -------------------------------------------------------------------------------------------------------

    def _of_content(self, sha256: str) -> tuple[set[str], set[str]]:
        """The content and the windows that brought it."""
        found = self._ages.contents.get(sha256)
        return {sha256}, set(found.windows) if found else set()

    def _free(
        self,
        due: Sequence[str],
        place: Callable[[str], tuple[set[str], set[str]]],
        size: Callable[[str], int],
    ) -> Iterator[list[str]]:
        """Some of what is due at a time, for deletion, without what is held at that time. `place` says which contents
        and windows each is of."""
        for at in range(0, len(due), _TOGETHER):
            with self._holds.deleting() as covered:
                free, held = _parted(due[at : at + _TOGETHER], covered, place)
                self._held |= {one: size(one) for one in held}
                yield free
            self._reporter.advance(min(at + _TOGETHER, len(due)), len(due))

    def _delete(self, key: str) -> None:
        if not self._dry:
            self._platform.store.delete(key)
        self.deleted += 1


def _parted(
    due: Iterable[str], covered: Covered, place: Callable[[str], tuple[set[str], set[str]]]
) -> tuple[list[str], list[str]]:
    """What is free to go, and what is held. What no window brought may be what any hold means."""
    free: list[str] = []
    held: list[str] = []
    for one in due:
        objects, keys = place(one)
        (held if covered.has(objects, keys) or (covered.any and not keys) else free).append(one)
    return free, held


def _content_of(key: str) -> str:
    """The content that an outcome of reading is of."""
    return PurePosixPath(key).name.partition(".")[0]

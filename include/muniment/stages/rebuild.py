"""Building the marts of a release again, in a warehouse of their own, and comparing them with what they were.

What a release is belongs to `releases`, what is in a mart to dbt's models.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from muniment import marts, warehouse
from muniment.contract import Contract
from muniment.erasure.tombstones import Tombstones, any_there
from muniment.lake import Lake
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.progress import Reporter
from muniment.releases import Release, ReleaseError, code_version
from muniment.stages.link import link

if TYPE_CHECKING:
    import psycopg

Verdict = Literal["equal", "different", "missing", "new"]


@dataclass(frozen=True)
class Rebuilt:
    """What came of it: each mart as it was and as it is now; `missing` was not built again, `new` was not there."""

    database: str
    marts: dict[str, Verdict]
    models_changed: bool
    code_changed: bool
    erased_since: bool

    @property
    def equal(self) -> bool:
        """Whether every mart is what it was."""
        return all(verdict == "equal" for verdict in self.marts.values())


def rebuild(platform: Platform, dsn: Dsn, release: Release, reporter: Reporter, *, keep: bool = False) -> Rebuilt:
    """Make the warehouse of a release beside the one of `dsn`, and build its marts; unless `keep`, it is dropped again.

    Nothing of the lake or of the warehouse in use is touched.
    """
    name = f"muniment_{release.id.replace('-', '_')}"
    try:
        digests = _build(platform, warehouse.created(dsn, name), release, reporter)
    finally:
        if not keep:
            warehouse.dropped(dsn, name)
    return Rebuilt(
        database=name,
        marts=_compared(release.marts, digests),
        models_changed=release.models != marts.fingerprint(),
        code_changed=release.code != code_version(),
        erased_since=_erased_since(platform, release),
    )


def _erased_since(platform: Platform, release: Release) -> bool:
    """Whether anybody was forgotten since: a release loses them, and marts that were built before had them."""
    if not any_there(platform.store):
        return False
    return any(datetime.fromisoformat(one.at) >= release.at for one in Tombstones(platform.store, platform.tokens).all)


def _build(platform: Platform, dsn: Dsn, release: Release, reporter: Reporter) -> dict[str, str]:
    with warehouse.connected(dsn, autocommit=True) as connection:
        with reporter.stage("load warehouse") as stage:
            contracts = warehouse.loadable()
            for done, contract in enumerate(contracts, start=1):
                stage.count(rows=_load(connection, platform.lake, contract, release))
                reporter.advance(done, len(contracts))
        with reporter.stage("link entities") as stage:
            stage.count(links=link(connection, platform.tokens, f"rebuild-{release.id}").links)
        with reporter.stage("build marts"), platform.scratch() as folder:
            marts.build(dsn, folder)
        return marts.digests(connection)


def _load(connection: "psycopg.Connection[Any]", lake: Lake, contract: Contract, release: Release) -> int:
    """Load a table as the release has it; how many rows that are."""
    import psycopg

    try:
        loaded = warehouse.sync(connection, lake, contract, f"rebuild-{release.id}", release.pinned(contract))
    except psycopg.Error as error:
        raise ReleaseError(
            f"{contract.table} of {release.id} does not fit the contract of today ({contract.version}): "
            f"{str(error).strip()}\nCheck out the version of Muniment that the release names: {release.code}"
        ) from error
    return sum(window.rows for window in loaded)


def _compared(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, Verdict]:
    return {name: _verdict(then.get(name), now.get(name)) for name in sorted(then.keys() | now.keys())}


def _verdict(then: str | None, now: str | None) -> Verdict:
    if then is None:
        return "new"
    if now is None:
        return "missing"
    return "equal" if then == now else "different"

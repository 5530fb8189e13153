"""Landing, register and reading: from dropped files to what was read from them."""

from datetime import UTC, datetime

import dagster as dg

from assets.windows import ONE_RUN, WINDOWS, of_run
from muniment import warehouse
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.progress import Reporter
from muniment.stages.read_documents import read_documents as read

LANDING = dg.AssetSpec(
    "landing", description="Folder or S3 prefix where anyone drops files", group_name="landing", kinds={"file"}
)


@dg.asset(
    deps=[LANDING],
    partitions_def=WINDOWS,
    backfill_policy=ONE_RUN,
    group_name="landing",
    kinds={"json"},
    description="Manifests: which landed object belongs to which window, with the content kept write-once",
)
def register(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    dsn: dg.ResourceParam[Dsn],
    reporter: dg.ResourceParam[Reporter],
) -> None:
    with reporter.stage("register") as stage:
        with warehouse.connected(dsn, autocommit=True) as connection:
            warehouse.unsettle(connection, (window.key for window in of_run(context)))
        manifests = platform.register.register(of_run(context), datetime.now(UTC), reporter.advance)
        stage.count(objects=sum(len(m.entries) for m in manifests), windows=len(manifests))
    for manifest in manifests:
        context.add_asset_metadata(
            {
                "dagster/partition_row_count": len(manifest.entries),
                "late": sum(entry.late for entry in manifest.entries),
                "sequence": manifest.sequence,
                "manifest": dg.MetadataValue.url(platform.store.url(manifest.store_key)),
            },
            partition_key=manifest.window_key,
        )


@dg.asset(
    deps=[register],
    partitions_def=WINDOWS,
    backfill_policy=ONE_RUN,
    group_name="landing",
    kinds={"python"},
    description="What reading each PDF gave, by content: text with boxes, fields, passages, or a refusal",
)
def readings(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], reporter: dg.ResourceParam[Reporter]
) -> None:
    manifests = platform.register.of([window.key for window in of_run(context)])
    with reporter.stage("read documents") as stage:
        took = read(platform, manifests, reporter.advance)
        for reading in took.values():
            stage.count(read=reading.read, remembered=reading.remembered, pages=reading.pages)
            stage.count(pages_recognised=reading.pages_recognised, refused=reading.refusals.total())
            stage.mean("ocr_confidence", reading.certainty, reading.pages_recognised)
        stage.count(ocr_seconds=round(sum(reading.ocr_seconds for reading in took.values())))
        stage.count(hidden_characters=sum(reading.hidden_characters for reading in took.values()))
    for key, reading in took.items():
        context.add_asset_metadata(
            {
                "read": reading.read,
                "remembered": reading.remembered,
                "pages": reading.pages,
                "pages_recognised": reading.pages_recognised,
                "pages_layered": reading.pages_layered,
                "ocr_seconds": round(reading.ocr_seconds, 2),
                "ocr_confidence": reading.ocr_confidence,
                "hidden_characters": reading.hidden_characters,
                "refusals": dict(reading.refusals),
                "processor": platform.processor,
            },
            partition_key=key,
        )

"""Passages: their vectors in the lake and the search index in the warehouse."""

import dagster as dg

from assets import evidence
from assets.lake import Results, blocked, report
from assets.windows import ONE_RUN, WINDOWS, lake_key, of_run, warehouse_key
from expectations.judge import judge
from muniment import warehouse
from muniment.contract import contracts
from muniment.embedding import Encoder
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.progress import Reporter
from muniment.stages.embed import embed
from muniment.stages.index import index
from muniment.stages.result import Blocked, Published

EMBEDDINGS = contracts()["embeddings"]


@dg.multi_asset(
    specs=[
        evidence.table_spec(
            EMBEDDINGS, lake_key(EMBEDDINGS), [lake_key(contracts()["chunks"])], {"iceberg", "parquet"}, "search"
        )
    ],
    check_specs=evidence.check_specs(EMBEDDINGS, lake_key(EMBEDDINGS)),
    partitions_def=WINDOWS,
    backfill_policy=ONE_RUN,
)
def embeddings(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    encoder: dg.ResourceParam[Encoder],
    reporter: dg.ResourceParam[Reporter],
) -> Results:
    published: dict[str, Published] = {}
    with reporter.stage("embed passages") as stage:
        for window in of_run(context):
            try:
                took, published[window.key] = embed(platform, window, encoder, judge, context.run_id, reporter.advance)
            except Blocked as error:
                yield from blocked(context, [EMBEDDINGS], window.key, error)
                raise dg.Failure(str(error), allow_retries=False) from error
            stage.count(passages=took.passages, encoded=took.encoded)
    yield report(context, EMBEDDINGS, published)


@dg.asset(
    key=["search", "passages"],
    deps=[lake_key(EMBEDDINGS), warehouse_key(contracts()["objects"])],
    partitions_def=WINDOWS,
    backfill_policy=ONE_RUN,
    group_name="search",
    kinds={"postgres", "pgvector"},
    description="Search index: passages with vectors, words and identifiers",
    metadata={"dagster/table_name": "search.passages"},
)
def passages(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    encoder: dg.ResourceParam[Encoder],
    dsn: dg.ResourceParam[Dsn],
    reporter: dg.ResourceParam[Reporter],
) -> dg.MaterializeResult:
    with reporter.stage("index passages") as stage, warehouse.connected(dsn, autocommit=True) as connection:
        took = index(connection, platform.lake, encoder.fingerprint, context.run_id, reporter.advance)
        stage.count(loaded=took.loaded, documents=took.documents)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": took.passages,
            "passages_loaded": took.loaded,
            "windows_loaded": took.windows,
            "documents": took.documents,
            "model": encoder.fingerprint,
        }
    )

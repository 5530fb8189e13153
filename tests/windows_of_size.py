"""Windows of any size, published through the stages, and the most memory that this took."""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from expectations.judge import judge
from muniment.contract import contracts
from muniment.documents.memo import Memo
from muniment.documents.model import Box, Chunk, Document, Field, Finding, Page
from muniment.platform import Platform
from muniment.settings import load
from muniment.warehouse import opened
from tests.stages import WordEncoder, to_the_index, to_the_lake

_WORDS = [
    "vendor",
    "purchaser",
    "adjustment",
    "possession",
    "undertaking",
    "registered",
    "consideration",
    "mortgagee",
    "estoppel",
    "bylaw",
]


def peak_of_records(folder: str, rows: int, url: str) -> None:
    """Publish a window with one file of so many payments, and write the peak."""
    platform = Platform(load(state_dir=Path(folder), warehouse_url=url))
    path = Path(folder) / "landing" / "records" / "payments" / "2026-03.jsonl"
    path.parent.mkdir(parents=True)
    with path.open("w") as out:
        out.writelines(_payments(rows))
    _publish(platform, url, "payments")


def _payments(rows: int) -> Iterator[str]:
    for number in range(rows):
        row = {
            "payment_id": f"P-{number:08}",
            "matter_number": f"2026-{number % 9000:04}",
            "paid_at": f"2026-03-07T{number % 24:02}:{number % 60:02}:00-07:00",
            "amount": f"{number % 100_000}.25",
            "direction": "in" if number % 2 else "out",
            "purpose": "deposit",
            "method": "wire",
            "payer": f"Payer Number {number}",
        }
        yield json.dumps(row) + "\n"


def peak_of_documents(folder: str, count: int, url: str) -> None:
    """Publish a window with so many documents of six full pages, remembered as read, and write the peak."""
    platform = Platform(load(state_dir=Path(folder), warehouse_url=url))
    landing = Path(folder) / "landing" / "documents"
    landing.mkdir(parents=True)
    memo = Memo(platform.store, platform.processor)
    for number in range(count):
        data = f"%PDF-1.7 {number}".encode()
        (landing / f"{number}.pdf").write_bytes(data)
        memo.put(sha256(data).hexdigest(), _document(number))
    _publish(platform, url, "documents")


def _document(number: int) -> Document:
    box = Box(72.0, 72.0, 200.0, 84.0)
    pages = tuple(Page(page, 612.0, 792.0, "text", None, _prose(number, page, 2_500)) for page in range(1, 7))
    fields = tuple(
        Field("linc", n, "linc", f"{number:07}{n:03}", f"{number:07}{n:03}", None, 1, box, 0.9, "test/1")
        for n in range(1, 10)
    )
    findings = tuple(Finding(n, "person", None, f"Person {number} {n}", 1, box, 0.9, "test") for n in range(1, 10))
    texts = [_prose(number, page, 60) for page in range(1, 13)]
    chunks = tuple(
        Chunk(n, (n + 1) // 2, (n + 1) // 2, text, sha256(text.encode()).hexdigest()) for n, text in enumerate(texts, 1)
    )
    return Document("other", 0.9, None, pages, fields, findings, chunks)


def _prose(number: int, page: int, words: int) -> str:
    chosen = (_WORDS[(number * 7 + page * 3 + n * n) % len(_WORDS)] for n in range(words))
    return f"Document {number}, page {page}. " + " ".join(chosen)


def _publish(platform: Platform, url: str, table: str) -> None:
    now = datetime.now(UTC)
    due = platform.register.due(now)
    to_the_lake(platform, due, now, "run", judge)
    with opened(platform.settings) as dsn:
        to_the_index(platform, dsn, due, "run", WordEncoder(), judge)
    rows = sum(held.rows for held in platform.lake.held(contracts()[table]).values())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"rows": rows, "peak_mb": peak_mb}) + "\n")

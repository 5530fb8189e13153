"""What runs inside a worker process: warming it, reading one file. Starting and ending workers belongs to `pool`, the
means of confining them to `isolation`.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from muniment.documents.model import Outcome, Read, Reason, Refusal
from muniment.documents.reading import Limits, read_document
from muniment.isolation import end_with, limit_memory, quiet


def prepare(parent: int, memory_mb: int) -> None:
    """Make this process one that can be lost, with everything loaded that reading needs. It may take `memory_mb` on
    top of that."""
    end_with(parent)
    os.environ["OMP_THREAD_LIMIT"] = "1"  # before Tesseract is loaded: its threads only slow one another down
    quiet()
    warm()
    limit_memory(memory_mb)


def timed(reader: Callable[[Path, Limits], Outcome], path: Path, limits: Limits) -> Read:
    """What a reader of this module makes of a file, with the seconds that OCR took of it."""
    from muniment.documents import ocr

    before = ocr.seconds()
    outcome = reader(path, limits)
    return Read(outcome, ocr.seconds() - before)


def ready() -> bool:
    """Answers once the worker is prepared."""
    return True


def work(path: Path, limits: Limits) -> Outcome:
    """The outcome of reading a file, also where the reader itself fails."""
    try:
        return read_document(path, limits)
    except MemoryError:
        return out_of_memory(limits)
    except Exception as error:  # a defect that this file brings out must not stop the others
        return Refusal.of(Reason.crashed, type(error).__name__)


def work_alone(path: Path, limits: Limits) -> Outcome:
    """The same within the time limit counted in CPU seconds, so that a busy machine costs no document its reading."""
    _limit_cpu(limits.timeout_seconds)
    return work(path, limits)


def out_of_memory(limits: Limits) -> Refusal:
    """The refusal of a document that needs too much memory."""
    return Refusal.of(Reason.memory_limit, f"more than {limits.memory_mb:,} MB")


def warm() -> None:
    """Load everything that reading needs, and keep the garbage collector from going through it again and again."""
    import gc

    import phonenumbers  # noqa: F401
    import pikepdf  # noqa: F401
    import pypdfium2  # noqa: F401
    from PIL import Image  # noqa: F401

    from muniment.documents import (  # noqa: F401
        active,
        catalogue,
        chunk,
        classify,
        columns,
        contents,
        fields,
        ocr,
        pdf,
        pii,
        places,
        recognition,
        repair,
        running,
        tables,
    )

    catalogue.catalogue()
    pii.warm()
    ocr.warm()
    gc.collect()
    gc.freeze()


def _limit_cpu(seconds: float) -> None:
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))

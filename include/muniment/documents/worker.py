"""What runs inside a worker process: confining it, warming it, reading one file. Starting and ending workers belongs to
`pool`.
"""

import os
import signal
import sys
from pathlib import Path

from muniment.documents.model import Outcome, Refusal
from muniment.documents.reading import Limits, read_document

_MB = 1024 * 1024
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def prepare(parent: int, memory_mb: int) -> None:
    """Make this process one that can be lost: it ends with `parent`, leaves no core, keeps quiet and takes at most
    `memory_mb` beyond what it takes now, with everything loaded that reading needs."""
    _end_with(parent)
    os.environ["OMP_THREAD_LIMIT"] = "1"  # before Tesseract is loaded: its threads only slow one another down
    _quiet()
    _warm()
    _confine(memory_mb)


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
        return Refusal("crashed", f"The reader failed on this file ({type(error).__name__}). Report it, with the file.")


def work_alone(path: Path, limits: Limits) -> Outcome:
    """The same within the time limit counted in CPU seconds, so that a busy machine costs no document its reading."""
    _limit_cpu(limits.timeout_seconds)
    return work(path, limits)


def out_of_memory(limits: Limits) -> Refusal:
    """The refusal of a document that needs too much memory."""
    message = f"Reading the file takes more than {limits.memory_mb:,} MB. Raise MUNIMENT_PARSE_MEMORY_MB if it should be read."
    return Refusal("memory", message)


def _end_with(parent: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the request was made
        os._exit(1)


def _quiet() -> None:
    """Native libraries write warnings about every bad file; nobody reads them, and they can hold personal data."""
    import faulthandler

    faulthandler.disable()
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)


def _warm() -> None:
    import phonenumbers  # noqa: F401
    import pypdfium2  # noqa: F401
    from PIL import Image  # noqa: F401

    from muniment.documents import chunk, classify, fields, ocr, pdf, pii  # noqa: F401

    pii.warm()
    ocr.warm()


def _confine(memory_mb: int) -> None:
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    wanted = pages * resource.getpagesize() + memory_mb * _MB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _limit_cpu(seconds: float) -> None:
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))

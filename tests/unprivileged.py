"""What tests that run as root need to see what an unprivileged user may not do."""

import tempfile
from pathlib import Path

NOBODY = 65534


def open_to_all(folder: Path) -> None:
    """Let everybody into a test's folder: pytest keeps its temporary folders to their owner."""
    for path in (folder, *folder.parents):
        if Path(tempfile.gettempdir()) in path.parents:
            path.chmod(0o755)

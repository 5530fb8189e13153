"""What a stage reports about a window. No work is done here."""

from dataclasses import dataclass, field

from muniment.errors import MunimentError
from muniment.gate import Verdict
from muniment.lake import Committed


@dataclass
class Published:
    """What a stage committed for a window: verdicts and commits by table, refused files with the reason."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    committed: dict[str, Committed] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unknown_columns: dict[str, list[str]] = field(default_factory=dict)


class Blocked(MunimentError):
    """A batch missed a threshold and nothing of it was committed; `published` holds the figures."""

    def __init__(self, message: str, published: Published) -> None:
        super().__init__(message)
        self.published = published

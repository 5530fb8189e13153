"""Files of the lake as PyIceberg opens them.

It makes a view of the store for each table that it loads, with a patience of its own; here all share one, with that of
the settings. PyIceberg loads this module by its name, so that nothing else need load PyIceberg.
"""

from pyarrow.fs import FileSystem
from pyiceberg.io.pyarrow import PyArrowFileIO

from muniment.objects import s3_files


class Files(PyArrowFileIO):
    """PyIceberg's files through Arrow, with the properties that `Lake` gives its catalog."""

    def _initialize_s3_fs(self, netloc: str | None) -> FileSystem:
        given = self.properties
        return s3_files(
            given["s3.endpoint"],
            given["s3.region"],
            given["s3.access-key-id"],
            given["s3.secret-access-key"],
            float(given["s3.request-timeout"]),
            int(given["muniment.s3-attempts"]),
        )

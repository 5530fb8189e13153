"""Fixtures of the integration tests: servers that are started for real."""

from tests.s3 import s3_server

__all__ = ["s3_server"]

"""Fixtures of the attacks: servers that are started for real."""

from tests.s3 import s3_server

__all__ = ["s3_server"]

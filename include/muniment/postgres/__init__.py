"""The embedded PostgreSQL: a real server with pgvector, started by who needs it, stopped when nobody does.

Here belongs the life of one cluster on this machine: its programs, account, files, start, leases and stop.
What is stored in it does not: schemas, roles and queries live with the parts that own them. Nothing in this
package imports more than the standard library: its supervisor must be small, and every command pays for it.

    with Server(state_dir / "postgres").running() as dsn:
        connection = psycopg.connect(dsn.conninfo())
"""

from muniment.postgres.dsn import Dsn
from muniment.postgres.failures import PostgresError
from muniment.postgres.server import Server, ServerStatus

__all__ = ["Dsn", "PostgresError", "Server", "ServerStatus"]

"""Where a PostgreSQL listens and who logs in. Opening connections does not belong here."""

from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Dsn:
    """Address and login of one database; its repr never shows the password.

    `host` may be a folder: that of a server's socket. `parameters` are other settings of libpq, such as
    `("sslmode", "require")`.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    dbname: str
    parameters: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def url(self, driver: str | None = None) -> str:
        """`postgresql://user:password@host:port/dbname?…`; `driver` as SQLAlchemy names it, e.g. "psycopg2"."""
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        user, password, dbname = (quote(part, safe="") for part in (self.user, self.password, self.dbname))
        host = f"[{self.host}]" if ":" in self.host else self.host
        parameters = dict(self.parameters)
        if host.startswith("/"):  # a folder has no place before the port
            host, parameters = "", {"host": host} | parameters
        query = f"?{urlencode(parameters, quote_via=quote)}" if parameters else ""
        return f"{scheme}://{user}:{password}@{host}:{self.port}/{dbname}{query}"

    def conninfo(self) -> str:
        """libpq's keyword form, quoted as its manual says (section "Keyword/Value Connection Strings")."""
        values = {
            "host": self.host,
            "port": str(self.port),
            "user": self.user,
            "password": self.password,
            "dbname": self.dbname,
            **dict(self.parameters),
        }
        return " ".join(f"{key}={_quoted(value)}" for key, value in values.items())

    def with_user(self, user: str, password: str) -> "Dsn":
        """The same database for another login."""
        return replace(self, user=user, password=password)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

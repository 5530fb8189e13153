"""The one object that says where every part lives. Reading settings belongs here; acting on them does not.

Values come from `MUNIMENT_*` environment variables, then `muniment.toml` in the working folder, then the
embedded default. No other module reads the environment.
"""

import re
from functools import cached_property
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from muniment import windows
from muniment.errors import MunimentError

PROJECT = Path(__file__).resolve().parents[2]
CATALOGUE = PROJECT / "include" / "catalogue"
LIKENESS = CATALOGUE / "likeness.csv"

_BRANCH = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?")


class SettingsError(MunimentError):
    """A setting that cannot be used."""


def _folder(value: str | Path) -> Path:
    if not str(value):
        raise ValueError("name a folder")
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError(str(error)) from None


def _window_key(value: str) -> str:
    try:
        return windows.parse(value).key
    except windows.WindowKeyError as error:
        raise ValueError(str(error)) from None


def branch_name(value: str) -> str:
    """The name of a branch, or empty for main; ValueError for a text that can be none.

    It becomes part of the names of a folder, of keys in the store, of a catalog and of a database.
    """
    if value and (value == "main" or not _BRANCH.fullmatch(value)):
        raise ValueError(
            f"{value!r} is no name for a branch: take 1 to 30 small letters a-z, digits and hyphens, none at either "
            "end; main is the lake without a branch, which has no name"
        )
    return value


def _long_enough(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < 32:
        raise ValueError("give at least 32 characters, for instance from: openssl rand -hex 32")
    return value


class Settings(BaseSettings):
    """Where landing, lake, catalog and warehouse are, and the limits that protect a run."""

    model_config = SettingsConfigDict(env_prefix="MUNIMENT_", toml_file="muniment.toml", extra="forbid", frozen=True)

    state_dir: Annotated[Path, BeforeValidator(_folder)] = Field(
        Path(".muniment"), description="Folder that holds all state of the embedded default"
    )
    landing_uri: str = Field("", description="Where files are dropped: file:///… or s3://bucket/prefix")
    lake_uri: str = Field("", description="Where raw objects, Parquet and Iceberg tables live: file:///… or s3://…")
    catalog_uri: SecretStr = Field(
        SecretStr(""), description="Iceberg catalog: sqlite:///…, postgresql+psycopg://… or a REST URL"
    )
    warehouse_url: SecretStr = Field(
        SecretStr(""), description="PostgreSQL 15 or later with pgvector; empty starts the embedded one"
    )
    branch: Annotated[str, AfterValidator(branch_name)] = Field(
        "", description="Branch of the lake that commands work on (muniment branch create); empty: main"
    )
    first_window: Annotated[str, BeforeValidator(_window_key)] = Field(
        "2026-01-01-00:00", description="Key of the first window; older objects belong to it"
    )
    scheduler: Literal["dagster", "airflow"] = Field("dagster", description="Who starts the six-hourly runs")

    s3_endpoint: str = Field("", description="URL of an S3 server other than Amazon's")
    s3_region: str = Field("ca-west-1", description="Region for S3 requests")
    s3_access_key_id: SecretStr = Field(SecretStr(""), description="Empty: the usual AWS credential chain")
    s3_secret_access_key: SecretStr = Field(SecretStr(""), description="Empty: the usual AWS credential chain")
    s3_timeout_seconds: float = Field(
        30, gt=0, allow_inf_nan=False, description="An S3 server that is silent for longer is asked again"
    )
    s3_attempts: int = Field(5, ge=1, le=20, description="How often an S3 server is asked before a run fails")

    privacy_key: Annotated[SecretStr, AfterValidator(_long_enough)] = Field(
        SecretStr(""),
        description="Secret of at least 32 characters that tokens of personal values are made with; empty: one is made "
        "and kept in the state folder. Machines that share a lake must be given the same",
    )

    backup_uri: str = Field("", description="Where backups go: file:///… or s3://…, on other disks than the lake's")
    backup_key: SecretStr = Field(
        SecretStr(""),
        description="age identity that backups are encrypted for (muniment backup key makes one); empty: they are not",
    )
    backups_kept: int = Field(
        0, ge=0, description="So many backups are kept, and the newest that was verified; 0 keeps all"
    )
    snapshot_days: int = Field(
        30, ge=1, le=36_500, description="What the lake held can be asked for so many days; releases stay beyond that"
    )
    release_days: int = Field(
        365,
        ge=1,
        le=36_500,
        description="Releases stay as long as snapshots, and the last of each week for so many days",
    )

    raw_days: int = Field(
        30, ge=1, le=36_500, description="Originals lie at hand, as they came, for so many days; then in the archive"
    )
    processed_days: int = Field(
        365, ge=1, le=36_500, description="What was read from originals is kept for so many days beside the tables"
    )
    archived_days: int = Field(
        2555,
        ge=1,
        le=36_500,
        description="Originals and rows are kept for so many days, or longer where a contract says so; then they go",
    )
    s3_archive_class: Literal["", "STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR"] = Field(
        "", description="Storage class that S3 moves archived originals to when they are cold; empty: none"
    )

    retention_file: Annotated[Path, BeforeValidator(_folder)] = Field(
        PROJECT / "include" / "retention.yaml",
        description="Rules of what is kept though a person asks to be forgotten",
    )

    workers: int = Field(2, ge=1, le=64, description="Worker processes for parsing and OCR")
    parse_timeout_seconds: float = Field(
        60, gt=0, allow_inf_nan=False, description="A document that takes longer is refused"
    )
    records_timeout_seconds: float = Field(
        900, gt=0, allow_inf_nan=False, description="A record file that takes longer is refused"
    )
    parse_memory_mb: int = Field(2048, ge=512, description="A worker that needs more is ended and its document refused")
    max_object_mb: int = Field(512, ge=1, description="Larger objects are refused as too_large")
    max_pages: int = Field(2000, ge=1, description="Documents with more pages are refused as too_many_pages")
    ocr_dpi: int = Field(200, ge=72, le=600, description="Resolution at which image-only pages are recognised")
    embedding_model: str = Field(
        "all-MiniLM-L6-v2", description="The packaged MiniLM, or a sentence-transformers model folder"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then `muniment.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("processed_days", "archived_days")
    @classmethod
    def _no_shorter_than_the_one_before(cls, days: int, info: ValidationInfo) -> int:
        """Each of the three spans begins where an object came, so none may end before the one that comes before it."""
        before = {"processed_days": "raw_days", "archived_days": "processed_days"}[info.field_name or ""]
        if days < info.data.get(before, 0):
            raise ValueError(f"{days} is less than MUNIMENT_{before.upper()}={info.data[before]}")
        return days

    @cached_property
    def state(self) -> Path:
        """The state folder as an absolute path."""
        return self.state_dir.absolute()

    @cached_property
    def landing(self) -> str:
        """URI of the landing zone."""
        return self.landing_uri or (self.state / "landing").as_uri()

    @cached_property
    def lake(self) -> str:
        """URI of the lake's root: raw objects, register, Parquet and Iceberg metadata."""
        return self.lake_uri or (self.state / "lake").as_uri()

    @cached_property
    def catalog(self) -> str:
        """SQLAlchemy URL of the Iceberg catalog, or the URL of a REST catalog."""
        return self.catalog_uri.get_secret_value() or f"sqlite:///{self.state / 'catalog.db'}"

    def told(self) -> dict[str, str]:
        """Every setting by its environment variable, with secrets hidden."""
        return {f"MUNIMENT_{name.upper()}": str(getattr(self, name)) for name in type(self).model_fields}

    def on(self, branch: str) -> "Settings":
        """The same settings on a branch, or on main where `branch` is empty."""
        return type(self)(**{name: getattr(self, name) for name in type(self).model_fields} | {"branch": branch})

    @cached_property
    def catalog_name(self) -> str:
        """The name under which the catalog's database keeps the tables."""
        return f"muniment/{self.branch}" if self.branch else "muniment"

    @cached_property
    def own_state(self) -> Path:
        """The folder of what belongs to the branch alone: its runs, scratch and logs. Main's is the state folder."""
        return self.state / "branches" / self.branch if self.branch else self.state

    @cached_property
    def own_prefix(self) -> str:
        """How the keys of all begin that a branch keeps in the lake's store; empty on main."""
        return f"branches/{self.branch}/" if self.branch else ""

    @cached_property
    def dagster_home(self) -> Path:
        """Folder of the local Dagster instance."""
        return self.own_state / "dagster"


def load(**overrides: object) -> Settings:
    """The settings in force; SettingsError says which one is wrong, what it is for, and where it may come from."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [_fault(str(e["loc"][0]), e["msg"].removeprefix("Value error, ")) for e in error.errors()]
        raise SettingsError(
            "\n  ".join(["These settings cannot be used (environment or muniment.toml):", *lines])
        ) from None
    except (TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        path = Path("muniment.toml").absolute()
        raise SettingsError(f"{path} cannot be read: {error}. Mend it or move it away.") from None


def _fault(name: str, message: str) -> str:
    field = Settings.model_fields.get(name)
    if field is None:
        return f"{name}: there is no such setting. Those that there are: {', '.join(Settings.model_fields)}."
    default = "" if isinstance(field.default, SecretStr) else f" The default is {str(field.default) or 'empty'}."
    return f"MUNIMENT_{name.upper()}: {message.rstrip('.')}. It says: {field.description}.{default}"

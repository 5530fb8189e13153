"""Settings: environment before file before default; what is wrong is named, what is secret stays hidden."""

import json
from pathlib import Path

import pytest

from muniment.doctor import examine
from muniment.platform import Platform
from muniment.settings import Settings, SettingsError, load

SECRET = "hush-hush"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(tmp_path: Path, text: str) -> None:
    (tmp_path / "muniment.toml").write_text(text, "utf-8")


def test_without_anything_all_state_lies_in_one_folder_here(tmp_path: Path) -> None:
    settings = load()
    assert settings.state == tmp_path / ".muniment"
    assert settings.landing == (tmp_path / ".muniment" / "landing").as_uri()
    assert settings.lake == (tmp_path / ".muniment" / "lake").as_uri()
    assert settings.catalog == f"sqlite:///{tmp_path}/.muniment/catalog.db"
    assert settings.warehouse_url.get_secret_value() == ""


def test_the_environment_goes_before_the_file_and_both_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 'workers = 3\nmax_pages = 30\nstate_dir = "/from/file"')
    monkeypatch.setenv("MUNIMENT_WORKERS", "4")
    settings = load()
    assert (settings.workers, settings.max_pages, settings.ocr_dpi) == (4, 30, 200)
    assert load(workers=5).workers == 5


def test_a_relative_state_folder_stays_when_the_process_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(state_dir="here")
    assert settings.state == tmp_path / "here"
    monkeypatch.chdir("/")
    assert settings.state == tmp_path / "here"


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert load(state_dir="~/muniment").state == tmp_path / "home" / "muniment"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("workers", "0", "greater than or equal to 1"),
        ("workers", "many", "valid integer"),
        ("workers", "", "valid integer"),
        ("parse_timeout_seconds", "-1", "greater than 0"),
        ("parse_timeout_seconds", "inf", "finite"),
        ("records_timeout_seconds", "nan", "finite|greater than 0"),
        ("ocr_dpi", "10000", "less than or equal to 600"),
        ("scheduler", "cron", "'dagster' or 'airflow'"),
        ("first_window", "2026-01-01", "is not a window key"),
        ("first_window", "2026-01-01-01:00", "No window starts at"),
        ("state_dir", "", "name a folder"),
        ("state_dir", "~nobody-is-called-this/x", "home directory"),
    ],
)
@pytest.mark.parametrize("source", ["environment", "file"])
def test_a_bad_value_is_refused_by_the_name_of_its_variable_and_with_what_it_is_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, name: str, value: str, said: str
) -> None:
    if source == "environment":
        monkeypatch.setenv(f"MUNIMENT_{name.upper()}", value)
    else:
        write(tmp_path, f'{name} = "{value}"')
    with pytest.raises(SettingsError, match=said) as refused:
        load()
    assert f"MUNIMENT_{name.upper()}: " in str(refused.value)
    assert str(Settings.model_fields[name].description) in str(refused.value)
    assert f"The default is {Settings.model_fields[name].default}." in str(refused.value)
    assert ".." not in str(refused.value)


def test_every_bad_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_WORKERS", "0")
    monkeypatch.setenv("MUNIMENT_MAX_PAGES", "none")
    with pytest.raises(SettingsError, match=r"(?s)MUNIMENT_WORKERS.*MUNIMENT_MAX_PAGES"):
        load()


def test_a_misspelled_setting_in_the_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, 'warehouse_ulr = "postgresql://"')
    with pytest.raises(SettingsError, match=r"warehouse_ulr: there is no such setting.*warehouse_url"):
        load()


@pytest.mark.parametrize("content", [b"workers = \n", b"\xff\xfe", b"[", b'a = "\xff"'])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "muniment.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"muniment\.toml cannot be read"):
        load()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().workers = 3  # type: ignore[misc]


SECRETS = {
    "backup_key": SECRET,
    "warehouse_url": f"postgresql://user:{SECRET}@127.0.0.1:1/db",
    "catalog_uri": f"postgresql+psycopg2://user:{SECRET}@127.0.0.1:1/db",
    "s3_access_key_id": f"key-{SECRET}",
    "s3_secret_access_key": SECRET,
    "privacy_key": f"{SECRET} and {SECRET} and once more {SECRET}",
}


def test_no_form_of_the_settings_shows_a_secret() -> None:
    settings = load(**SECRETS)
    forms = [repr(settings), str(settings), f"{settings}", str(dict(settings)), settings.model_dump_json()]
    assert [form for form in forms if SECRET in form] == []
    assert settings.catalog == SECRETS["catalog_uri"]


def test_every_setting_that_may_hold_a_password_is_a_secret() -> None:
    secret = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert secret == set(SECRETS)


def test_the_doctor_shows_no_secret_whatever_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.doctor._model", lambda settings: "not loaded: it takes seconds")
    broken = {"warehouse_url": f"postgresql//user:{SECRET}@host/db", "catalog_uri": f"nonsense//user:{SECRET}@host/db"}
    faults: set[str] = set()
    for wrong in (SECRETS, broken, {"catalog_uri": f"mysql://user:{SECRET}@127.0.0.1:1/db"}):
        platform = Platform(load(state_dir=tmp_path / "state", **wrong))
        findings = list(examine(platform))
        faults |= {finding.part for finding in findings if not finding.ok}
        assert SECRET not in json.dumps([vars(finding) for finding in findings])
    assert {"warehouse", "catalog"} <= faults, "what is wrong was reported"

"""Tokens of personal values: one for all spellings, none without the key, and a key that is kept and never mixed."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment import privacy
from muniment.objects import FolderStore
from muniment.privacy import PrivacyError, Tokens, name_parts
from muniment.settings import Settings, SettingsError, load

TOKENS = Tokens(b"a key for these tests")
KEY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "spelling",
    [
        "Zoé Kaya O'Brien-Okafor",
        "ZOÉ KAYA O’BRIEN-OKAFOR",
        "zoe  kaya\nobrien okafor",
        "O'Brien-Okafor, Zoé Kaya",
        "Ms. Zoe\u0301 Kaya O'Brien-Okafor",
    ],
)
def test_every_spelling_of_a_name_has_one_token(spelling: str) -> None:
    assert TOKENS.of("person", spelling) == TOKENS.of("person", "Zoé Kaya O'Brien-Okafor")


@pytest.mark.parametrize("other", ["Zoé Okafor", "Z. K. O'Brien-Okafor", "Zoé Kaya O'Brien-Okafor Jr."])
def test_names_that_differ_have_tokens_that_differ(other: str) -> None:
    assert TOKENS.of("person", other) != TOKENS.of("person", "Zoé Kaya O'Brien-Okafor")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Smith, John, Jr.", ("john", "smith", "jr")),
        ("John Smith, Jr.", ("john", "smith", "jr")),
        ("van der Berg, Anna", ("anna", "van", "der", "berg")),
        ("Ms. van der Berg, Anna", ("anna", "van", "der", "berg")),
        ("BERG, Mrs. Anna", ("anna", "berg")),
        ("Dr. J. Smith", ("j", "smith")),
        ("Mr.", ("mr",)),
        (",", ()),
        ("\x00\x07", ()),
        ("", ()),
    ],
)
def test_the_parts_of_a_name_stand_in_the_order_given_family_suffix(name: str, parts: tuple[str, ...]) -> None:
    assert name_parts(name) == parts


@pytest.mark.parametrize(
    ("pii_class", "one", "same"),
    [
        ("sin", "046 454 286", "046-454-286"),
        ("phone", "+1 (403) 555-0134", "403.555.0134"),
        ("email", "Kaya@Example.com", "kaya@example.com"),
        ("date_of_birth", "March 8, 1971", "1971-03-08"),
        ("bank_account", "12345-003-1234567", "12345 003 1234567"),
    ],
)
def test_every_spelling_of_an_identifier_has_one_token(pii_class: str, one: str, same: str) -> None:
    assert TOKENS.of(pii_class, one) == TOKENS.of(pii_class, same) != None  # noqa: E711


def test_a_token_depends_on_the_class_and_on_the_key_and_shows_nothing() -> None:
    token = str(TOKENS.of("sin", "046454286"))
    assert token.startswith("sin:")
    assert len(token) == len("sin:") + 24
    assert "046454286" not in token
    assert len({token, TOKENS.of("account", "046454286"), Tokens(b"another key").of("sin", "046454286")}) == 3


@given(st.sampled_from(["person", "email", "date_of_birth", "phone", "sin"]), st.text(max_size=60))
def test_any_text_has_a_token_or_none_and_always_the_same(pii_class: str, value: str) -> None:
    token = TOKENS.of(pii_class, value)
    assert token == TOKENS.of(pii_class, value)
    assert token == TOKENS.of(pii_class, f" {value}\n")
    assert (token is None) == (not privacy.canonical(pii_class, value))


def test_a_value_of_ten_kilobytes_and_lone_surrogates_are_no_obstacle() -> None:
    assert TOKENS.of("person", "É, \ud800" * 3_000)


# --- the key --------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    monkeypatch.delenv("MUNIMENT_PRIVACY_KEY", raising=False)
    return lambda **given: load(state_dir=tmp_path / "state", **given)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "lake")


def test_the_first_use_makes_a_key_that_only_its_owner_can_read_and_the_next_takes_it(
    settings: Callable[..., Settings], store: FolderStore
) -> None:
    first = privacy.open_tokens(settings(), store)
    path = privacy.key_file(settings())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().strip()) == 64
    assert privacy.open_tokens(settings(), store).key_id == first.key_id
    assert list(path.parent.iterdir()) == [path]


def test_installations_make_keys_that_differ(settings: Callable[..., Settings], tmp_path: Path) -> None:
    one = privacy.open_tokens(settings(), FolderStore(tmp_path / "a"))
    other = privacy.open_tokens(load(state_dir=tmp_path / "elsewhere"), FolderStore(tmp_path / "b"))
    assert one.key_id != other.key_id


def test_processes_that_start_at_once_agree_on_one_key(settings: Callable[..., Settings], store: FolderStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: privacy.open_tokens(settings(), store).key_id, range(8)))
    assert len(set(made)) == 1


def test_a_key_of_the_settings_is_the_key(settings: Callable[..., Settings], store: FolderStore) -> None:
    given = settings(privacy_key=KEY)
    assert privacy.open_tokens(given, store).of("person", "Kaya Okafor") == Tokens(KEY.encode()).of(
        "person", "Kaya Okafor"
    )
    assert not privacy.key_file(given).exists()


def test_a_short_key_is_refused_and_not_shown(settings: Callable[..., Settings]) -> None:
    with pytest.raises(SettingsError, match=r"MUNIMENT_PRIVACY_KEY: give at least 32") as refused:
        settings(privacy_key="hush-hush")
    assert "hush-hush" not in str(refused.value)


def test_a_lost_key_is_told_and_no_other_is_made(settings: Callable[..., Settings], store: FolderStore) -> None:
    privacy.open_tokens(settings(), store)
    privacy.key_file(settings()).unlink()
    with pytest.raises(PrivacyError, match=r"is gone.*backup"):
        privacy.open_tokens(settings(), store)
    assert not privacy.key_file(settings()).exists()


def test_another_key_than_the_lake_s_is_refused_until_the_lake_forgets_it(
    settings: Callable[..., Settings], store: FolderStore
) -> None:
    privacy.open_tokens(settings(), store)
    with pytest.raises(PrivacyError, match=r"another key.*delete privacy/key-id"):
        privacy.open_tokens(settings(privacy_key=KEY), store)
    store.delete("privacy/key-id")
    assert privacy.open_tokens(settings(privacy_key=KEY), store).key_id == Tokens(KEY.encode()).key_id


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 64])
def test_a_damaged_key_is_told(settings: Callable[..., Settings], store: FolderStore, content: bytes) -> None:
    path = privacy.key_file(settings())
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(PrivacyError, match="is damaged"):
        privacy.open_tokens(settings(), store)


def test_looking_at_the_key_s_condition_makes_none(settings: Callable[..., Settings], store: FolderStore) -> None:
    assert "no key yet" in privacy.condition(settings(), store)
    assert not privacy.key_file(settings()).exists()
    assert privacy.condition(settings(privacy_key=KEY), store) == "MUNIMENT_PRIVACY_KEY"
    assert not list(store.list("privacy/"))
    privacy.open_tokens(settings(), store)
    assert privacy.condition(settings(), store) == str(privacy.key_file(settings()))
    privacy.key_file(settings()).chmod(0o644)
    with pytest.raises(PrivacyError, match="read by others"):
        privacy.condition(settings(), store)

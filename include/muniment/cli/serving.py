"""Commands that show the installation: the web UI, the pages of documentation, the examination of every part."""

import os
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from muniment.cli.app import JsonFlag, app, examples, open_platform, open_warehouse, say
from muniment.errors import MunimentError
from muniment.rendering import Format, json_text, write


@app.command(epilog=examples("muniment ui", "muniment ui --port 3001"))
def ui(port: Annotated[int, typer.Option(help="Port to serve on.")] = 3000) -> None:
    """Dagster's web UI with the daemon, on the same instance: the graph, runs, backfills, the six-hourly schedule."""
    from assets import home

    folder = home.prepare(open_platform().settings)
    _free(port)
    say(f"Starting, for about half a minute … http://127.0.0.1:{port}  (Ctrl-C stops it)")
    command = ["-m", "dagster", "dev", "-w", str(folder / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(port)]
    os.execv(sys.executable, [sys.executable, "-W", "ignore", *command, "--log-level", "warning"])


def _free(port: int) -> None:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise MunimentError(f"Port {port} cannot be used ({error}): choose another with --port.") from None


@app.command(epilog=examples("muniment docs", "muniment docs --no-serve"))
def docs(
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8080,
    serve: Annotated[bool, typer.Option(help="Serve the pages after building them.")] = True,
) -> None:
    """Build dbt's documentation of the warehouse and serve it: every mart and column, tests and lineage."""
    import subprocess

    from muniment import marts

    platform = open_platform()
    target = platform.settings.own_state / "dbt" / "docs"
    with open_warehouse(platform) as dsn:
        environment = marts.environment(dsn, target)
        say("Building …")
        generate = marts.command("docs", "generate", "--static")
        built = subprocess.run(generate, env=environment, cwd=marts.FOLDER, check=False)
    if built.returncode:
        raise MunimentError(f"dbt could not build the documentation: its log is in {target / 'logs'}.")
    say(f"  {target / 'static_index.html'}")
    if serve:
        _free(port)
        say(f"http://127.0.0.1:{port}  (Ctrl-C stops it)")
        serving = marts.command("docs", "serve", "--host", "127.0.0.1", "--port", str(port), "--no-browser")
        os.chdir(marts.FOLDER)
        os.execve(serving[0], serving, environment)


@app.command(epilog=examples("muniment doctor", "muniment doctor --json"))
def doctor(as_json: JsonFlag = False) -> None:
    """Examine every part: reachable or not, which version, how to mend it. Shows the settings with secrets hidden."""
    from muniment.doctor import examine

    platform = open_platform()
    findings = list(examine(platform))
    values = platform.settings.told()
    if as_json:
        typer.echo(json_text({"parts": [asdict(f) for f in findings], "settings": values}))
    else:
        rows = [["ok" if f.ok else "FAULT", f.part, f.detail if f.ok else f"{f.detail} → {f.fix}"] for f in findings]
        write(["", "part", ""], rows, Format.table)
        typer.echo()
        write(["setting", "value"], list(values.items()), Format.table)
    raise typer.Exit(0 if all(f.ok for f in findings) else 1)

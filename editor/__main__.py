"""`weftwork`: the command line. Without a command it serves the editor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .commands.doctor import doctor
from .commands.exporting import export
from .commands.gallery import gallery
from .commands.importing import import_
from .commands.inspecting import check, show
from .commands.output import print_json
from .commands.training import run, runs, train

app = typer.Typer(
    name="weftwork",
    help="A notebook whose cells are networks. `weftwork [FILE]` serves the editor and opens the browser.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(check)
app.command()(show)
app.command()(train)
app.command()(run)
app.command()(export)
app.command("import")(import_)
app.command()(doctor)
app.add_typer(gallery, name="gallery")
app.add_typer(runs, name="runs")


@app.command("serve", hidden=True)
def serve(
    file: Annotated[Path | None, typer.Argument(help="Open this notebook.")] = None,
    port: Annotated[int | None, typer.Option(help="The port; without it the first free one from 5006.")] = None,
    host: Annotated[
        str, typer.Option(help="A further name under which the browser reaches this machine.")
    ] = "127.0.0.1",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Serve the editor and open the browser."""
    from .server import serve as serve_folder

    if file is not None and not file.is_file():
        print(f"{file}: No such file", file=sys.stderr)
        raise typer.Exit(2)
    folder = file.resolve().parent if file else Path.cwd()
    raise typer.Exit(
        serve_folder(folder, port=port, host=host, open_browser=not no_browser, file=file.name if file else None)
    )


_COMMANDS = {"check", "show", "train", "run", "export", "import", "doctor", "gallery", "runs", "serve"}


def main() -> None:
    """Entry point. `weftwork`, `weftwork FILE` and `weftwork --port 1` mean `weftwork serve …`."""
    arguments = sys.argv[1:]
    if not any(argument in ("--help", "--version") for argument in arguments) and not (
        arguments and arguments[0] in _COMMANDS
    ):
        arguments = ["serve", *arguments]
    if arguments == ["--version"]:
        from importlib.metadata import version

        print(f"weftwork {version('weftwork')}")
        return
    sys.exit(_run(arguments))


def _run(arguments: list[str]) -> int:
    """The exit code. Wrong options are one line, or with `--json` an object, and 2."""
    command = typer.main.get_command(app)
    try:
        return command.main(arguments, prog_name="weftwork", standalone_mode=False) or 0
    except typer.Exit as end:
        return end.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        if "--json" in arguments:
            print_json({"error": message()})
        else:
            print(f"{message()} See `weftwork --help`.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    main()

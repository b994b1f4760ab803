"""README says the truth: its commands run, its example runs, its files are there."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands(program: str) -> list[list[str]]:
    lines = [line.split("#")[0] for block in blocks("sh") for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.split()[:1] == [program]]


@pytest.mark.parametrize("target", [command[0] for command in commands("make")])
def test_make_target_exists(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_every_link_leads_to_something():
    for path in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"`((?:compiler|runtime|editor|tests)/[\w/.-]+)`", README):
        assert (ROOT / path).exists(), path


@pytest.mark.keras
def test_commands_and_example_run_as_they_stand(tmp_path, monkeypatch, capfd):
    from weftwork.editor.__main__ import _run

    monkeypatch.chdir(tmp_path)
    lines = commands("weftwork")
    assert len(lines) >= 6
    for line in lines:
        assert _run(line) == 0, (line, capfd.readouterr().err)
    (example,) = blocks("python")
    names: dict = {}
    exec(example, names)
    assert names["problems"] == []
    assert names["result"]["state"] == "finished"
    assert (tmp_path / "digits_model" / "saved_model.pb").is_file()

"""Bad notebooks and bad data, as files: what a person reads of each, and that nothing that was there is lost.

`cases/<name>/notebook.weft` is checked beside its data; `expected.txt` is what `weftwork check` prints and its exit
code. `pytest tests/bad_input --write-expected` writes the renderings anew: read the difference before you keep it.
"""

import json
import shutil
from pathlib import Path

import pytest

from weftwork.compiler.document_file import read_notebook_file, write_notebook
from weftwork.compiler.problems import has_errors, render
from weftwork.runtime.headless import check

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


@pytest.fixture
def copied(request, tmp_path):
    """A copy of the case, so that no test can write into the tree."""
    case: Path = request.param
    return case, Path(shutil.copytree(case, tmp_path / case.name))


@pytest.mark.keras
@pytest.mark.parametrize("copied", CASES, indirect=True, ids=lambda case: case.name)
def test_bad_input_is_told_with_its_place_and_what_to_do(copied, request):
    case, folder = copied
    problems = check(folder / "notebook.weft")
    text = "".join(render(problem) + "\n" for problem in problems) + f"exit {int(has_errors(problems))}\n"
    if request.config.getoption("--write-expected"):
        (case / "expected.txt").write_text(text)
    assert text == (case / "expected.txt").read_text()
    assert problems
    assert "Traceback" not in text


@pytest.mark.parametrize("copied", CASES, indirect=True, ids=lambda case: case.name)
def test_bad_input_is_written_back_whole(copied):
    _, folder = copied
    path = folder / "notebook.weft"
    notebook, problems = read_notebook_file(path)
    if any(problem.code in ("F601", "F602", "F605") for problem in problems):
        return  # nothing that could be written back: the file itself stays as it is, which the editor's tests show
    before, after = json.loads(path.read_text()), json.loads(write_notebook(notebook))
    for old, new in zip(before["cells"], after["cells"], strict=True):
        for part in ("nodes", "wires", "layout"):
            assert set(old.get(part, {})) == set(new.get(part, {}))
        assert old["kind"] == new["kind"]

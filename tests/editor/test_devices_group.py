"""What the form of a training says of devices, and what a choice there changes."""

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.document import Notebook, TrainingCell
from weftwork.editor.cells.devices_group import devices_group
from weftwork.editor.cells.training_edits import TrainingEdits


def test_group_tells_the_share_of_each_device_and_of_batch_normalization():
    cell = TrainingCell(id="t", name="train", batch_size=32, options={"strategy": "mirrored", "replicas": 3})
    group = devices_group(cell)
    assert group.words == "all devices of this machine, 3 of them"
    assert group.changed
    (block,) = group.blocks
    assert "Each of 3 devices takes 10 or 11 of the 32 rows of a batch" in block.hint
    assert "Batch normalization takes its statistics over all devices." in block.hint
    plain = devices_group(TrainingCell(id="t", name="train"))
    assert (plain.words, plain.changed, plain.blocks[0].hint) == ("one device", False, "")


def test_choice_of_devices_is_an_edit_and_one_device_takes_it_back():
    cell = TrainingCell(id="t", name="train")
    notebook = Notebook(cells=(cell,))
    chosen = apply_all(notebook, TrainingEdits(cell).edit("strategy", "mirrored")[1])
    assert chosen.cell("train").options == {"strategy": "mirrored"}
    assert apply_all(chosen, TrainingEdits(chosen.cell("train")).edit("strategy", "one")[1]) == notebook

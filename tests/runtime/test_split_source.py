"""The exported loading and splitting give the rows that the run trained on, whichever fields the network uses."""

import numpy as np
import pytest

from weftwork.compiler.document import DataCell
from weftwork.compiler.document_file import read_notebook_file
from weftwork.gallery.cards import cards
from weftwork.runtime.data.load import load

from .data_cells import split_as_exported


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.name)
def test_exported_split_is_that_of_the_run(card, tmp_path):
    notebook, _ = read_notebook_file(card.path)
    cell = next(cell for cell in notebook.cells if isinstance(cell, DataCell))
    dataset = load(cell, tmp_path)
    inputs = [name for name, field in dataset.description.fields.items() if field.role != "target"]
    training, validation = split_as_exported(cell, dataset, inputs or list(dataset.description.fields))
    np.testing.assert_array_equal(training, dataset.train_rows)
    np.testing.assert_array_equal(validation, dataset.validation_rows)

"""What a person types into a setting is read, or refused with what would do."""

import pytest

from weftwork.editor.settings_form import BadValue, Fault, Setting, form_html, number_text, read_value

EPOCHS = Setting("epochs", "Epochs", "int", 10, minimum=1, maximum=1000)
RATE = Setting("rate", "Learning rate", "float", 0.001, above=0)
SHARE = Setting("share", "Share", "float", 0.2, above=0, below=1)
PATIENCE = Setting("patience", "Patience", "int", None, minimum=1, optional=True)
LOSS = Setting("loss", "Loss", "choice", "a", choices=(("a", "A"), ("b", "B")))


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (EPOCHS, " 12 ", 12),
        (EPOCHS, "1_000", 1000),
        (RATE, "3e-4", 0.0003),
        (PATIENCE, "", None),
        (PATIENCE, "3", 3),
        (LOSS, "b", "b"),
        (Setting("on", "On", "switch"), True, True),
        (Setting("file", "File", "text"), " data.csv ", "data.csv"),
    ],
)
def test_text_is_read(setting, text, value):
    assert read_value(setting, text) == value


@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [
        (EPOCHS, "0", "at least 1"),
        (EPOCHS, "2000", "at most 1000"),
        (EPOCHS, "1.5", "whole number"),
        (EPOCHS, "", "whole number"),
        (RATE, "0", "more than 0"),
        (RATE, "fast", "a number"),
        (RATE, "nan", "finite"),
        (RATE, "inf", "finite"),
        (SHARE, "1", "less than 1"),
        (LOSS, "c", "Choose one of a, b"),
    ],
)
def test_text_is_refused_with_what_would_do(setting, text, said):
    with pytest.raises(BadValue, match=said):
        read_value(setting, text)


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (1e-7, "0.0000001"), (2.0, "2"), (32, "32"), (None, ""), (1 / 3, repr(1 / 3))]
)
def test_numbers_are_written_as_people_do(value, text):
    assert number_text(value) == text


def test_form_shows_a_fault_at_its_control():
    html = form_html([EPOCHS], {"epochs": Fault("0", "This must be at least 1.")}, of="Training")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="epochs-note"' in html
    assert "This must be at least 1." in html
    assert 'value="0"' in html
    assert 'data-testid="setting:Training:epochs"' in html


def test_form_escapes_what_a_file_says():
    html = form_html([Setting("file", "File", "text", '"><script>')])
    assert "<script>" not in html

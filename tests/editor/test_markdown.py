"""Prose with maths and live values; nothing in it runs. MathML is compared with what latex2mathml itself writes."""

from xml.etree import ElementTree

import pytest
from latex2mathml.converter import convert_to_element

from weftwork.editor.cells.markdown import headings, render_markdown
from weftwork.editor.cells.maths import maths
from weftwork.editor.pages.markup import Html


def tags(element) -> list[str]:
    return [each.tag.rpartition("}")[2] for each in element.iter()]


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{\partial L}{\partial w}",
        r"\sum_{i=1}^{n} (\hat y_i - y_i)^2",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"\sqrt{x} \leq \mathbb{R}^{n \times m}",
    ],
)
@pytest.mark.parametrize("block", [False, True])
def test_formula_has_the_elements_that_the_library_gives(latex, block):
    html = ElementTree.fromstring(maths(latex, block=block))
    assert html.attrib["aria-label"] == latex
    display = "block" if block else "inline"
    assert tags(html)[1:] == tags(convert_to_element(latex, display=display))


@pytest.mark.parametrize(
    "latex",
    [r"\text{<script>alert(1)</script>}", r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}", r"\class{a}{x}"],
)
def test_formula_cannot_lead_out_of_its_place(latex):
    html = maths(latex)
    found = ElementTree.fromstring(html)
    assert not {"script", "a", "style"} & set(tags(found))
    for element in list(found.iter())[1:]:
        assert not {"href", "style", "class"} & set(element.attrib)


def test_formula_that_cannot_be_read_is_shown_as_it_is_written():
    assert r"\frac{a}{" in render_markdown(r"so $\frac{a}{$ it is")
    assert "<math" not in maths("x" * 5000)


def test_dollars_of_money_are_no_maths():
    assert render_markdown("costs $5 or $6, not \\$7") == "<p>costs $5 or $6, not $7</p>\n"


def test_live_values_stand_in_prose_and_headings_but_not_in_code():
    asked = []

    def live(cell, value):
        asked.append((cell, value))
        return Html("<b>1</b>")

    html = render_markdown("# {{fit.loss}}\n\n{{ fit 2.loss }}\n\n`{{a.b}}`\n\n```\n{{c.d}}\n```\n", live)
    assert asked == [("fit", "loss"), ("fit 2", "loss")]
    assert html.count("<b>1</b>") == 2
    assert "<code>{{a.b}}</code>" in html


def test_html_in_prose_is_shown_and_links_leave_safely():
    html = render_markdown("<script>x</script> [a](https://example.org) [b](javascript:x)")
    assert "&lt;script&gt;" in html
    assert 'rel="noopener noreferrer"' in html
    assert 'href="javascript' not in html


def test_headings_come_with_their_levels():
    assert headings("# One\n\ntext\n\n### Two *and* a half\n\n```\n# no heading\n```") == [
        (1, "One"),
        (3, "Two *and* a half"),
    ]

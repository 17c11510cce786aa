import re

import pytest
from markup import Markup

from surpass.core.account import Curve, Interval, IntervalChart, Matrix
from surpass.show.charts import MATRIX_NAMES_MAX, draw


def figures(account):
    return [figure for chapter in account.chapters for figure in chapter.figures]


def matrix(names: int) -> Matrix:
    counts = tuple(
        tuple(9 if row == column else (row + column) % 3 for column in range(names))
        for row in range(names)
    )
    labels = tuple(f"label {index}" for index in range(names))
    return Matrix(title="m", row_label="r", column_label="c", names=labels, counts=counts)


@pytest.mark.parametrize("narrow", [True, False])
def test_every_figure_is_one_named_image_without_foreign_references(sample, narrow):
    for figure in figures(sample):
        svg = draw(figure, narrow=narrow)
        (name, attributes), *others = Markup(svg).elements
        assert (name, attributes["role"]) == ("svg", "img")
        assert attributes["aria-label"].startswith(figure.title)
        assert others[0][0] == "title"
        assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "url(" not in svg


def test_every_colour_follows_the_page(sample):
    for figure in figures(sample):
        painted = Markup(draw(figure)).values("fill", "stroke")
        assert painted
        assert all(
            one in {"none", "currentColor"} or one.startswith("var(--chart") for one in painted
        )


def test_roles_differ_in_shape_and_not_only_in_colour():
    roles = ("tuned", "opponent", "gain")
    intervals = tuple(Interval(label=role, estimate=0.5, role=role) for role in roles)
    svg = draw(IntervalChart(title="t", unit="u", intervals=intervals))
    dots = re.findall(r'd="(M[^"]+)" fill="var\(--chart-(?:tuned|opponent|gain)', svg)
    assert len(set(dots)) == 3


def test_the_declared_line_is_dashed_and_named():
    gain = Interval(label="gain", estimate=0.12, low=0.07, high=0.17, role="gain")
    svg = draw(
        IntervalChart(title="t", unit="u", intervals=(gain,), line=0.05, line_label="margin")
    )
    assert "stroke-dasharray" in svg
    assert "margin +0.050" in Markup(svg).text


def test_a_phone_gets_a_narrow_drawing(sample):
    for figure in figures(sample):
        if not isinstance(figure, Matrix):
            width = re.search(r'width="(\d+)"', draw(figure, narrow=True))
            assert int(width[1]) < 370


def test_few_labels_are_a_matrix_and_many_the_worst_confusions():
    few, many = draw(matrix(5)), draw(matrix(MATRIX_NAMES_MAX + 1))
    assert "→" not in few
    assert Markup(many).text.count("→") == 15


@pytest.mark.parametrize(
    "figure",
    [
        IntervalChart(title="t", unit="u", intervals=()),
        IntervalChart(title="t", unit="u", intervals=(Interval(label="x", estimate=float("nan")),)),
        Curve(title="t", x_label="x", y_label="y", x=(), lines={}),
        Curve(title="t", x_label="x", y_label="y", x=(0,), lines={"a": (None,)}),
        Matrix(title="t", row_label="r", column_label="c", names=(), counts=()),
        Matrix(title="t", row_label="r", column_label="c", names=("a",), counts=((0,),)),
    ],
)
def test_a_figure_without_numbers_is_still_an_image(figure):
    svg = draw(figure)
    assert svg.startswith("<svg")
    assert not {"NaN", "null", "undefined"} & set(re.findall(r"\w+", svg))

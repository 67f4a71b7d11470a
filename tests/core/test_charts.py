"""Charts: the same numbers as picture, as words for screen readers, and as a table."""

import re

from django.template import Context, Template

from core.templatetags.charts import Scale, nice_step

NBSP = "\u00a0"


def draw(source: str, **context) -> str:
    return Template("{% load charts %}" + source).render(Context(context))


def heights(html: str) -> list[float]:
    return [float(value) for value in re.findall(r'<circle class="p\d" cx="[\d.]+" cy="([\d.]+)"', html)]


def test_a_rise_goes_up_and_is_told_in_words():
    html = draw('{% slope 71 93 target=90 unit="%" title="KK 24 jam" %}')
    before, after = heights(html)
    assert after < before
    assert f"KK 24 jam: dari 71{NBSP}% ke 93{NBSP}%; target 90{NBSP}%" in html


def test_without_both_ends_there_is_no_slope():
    assert draw("{% slope 71 after %}", after=None) == ""


def test_equal_values_are_no_fault():
    assert "<svg" in draw("{% slope 0 0 target=0 %}")


def test_a_line_breaks_where_a_measurement_is_missing():
    html = draw("{% trend labels series %}", labels=["a", "b", "c", "d"], series=[{"label": "Median", "values": [3, None, 2, 1]}])
    path = re.search(r'class="l1" d="([^"]+)"', html)[1]
    assert path.count("M") == 2
    assert "–" in html  # the missing one in the table


def test_the_table_beside_the_line_has_every_number_and_the_target():
    html = draw('{% trend labels series target=20 unit="JP" %}', labels=["Jan", "Feb"], series=[{"label": "JP", "values": [0.8, 1.9]}])
    assert html.count("<tr>") == 3
    assert ">0,8<" in html and ">1,9<" in html and html.count(">20<") >= 2


def test_no_values_no_chart_but_a_word():
    assert "Belum ada pengukuran." in draw("{% trend labels series %}", labels=[], series=[{"label": "x", "values": []}])


def test_words_at_the_end_of_lines_do_not_lie_on_one_another():
    series = [{"label": "A", "values": [1, 10]}, {"label": "B", "values": [2, 10.1]}, {"label": "C", "values": [3, 9.9]}]
    html = draw("{% trend labels series target=10 %}", labels=["a", "b"], series=series).split("wideonly")[0]
    ends = sorted(float(y) for y in re.findall(r'<text class="k" x="[\d.]+" y="([\d.]+)"', html))
    assert all(low + 16 <= high for low, high in zip(ends, ends[1:], strict=False))


def test_long_words_at_the_end_get_their_room():
    series = [{"label": "Laju menuju 20 JP", "values": [1, 12]}, {"label": "JP", "values": [0, 1]}]
    html = draw('{% trend labels series unit="JP" %}', labels=["a", "b"], series=series)
    wide = html.split("wideonly")[1]
    starts = float(re.search(r'<text class="k" x="([\d.]+)"[^>]*>Laju', wide)[1])
    assert starts + 7 * len("Laju menuju 20 JP 12 JP") <= 448


def test_stacked_rows_keep_their_proportion_and_have_a_table():
    rows = [{"label": "Melati", "values": [5, 5]}, {"label": "Cempaka", "values": [2, 0]}]
    html = draw("{% stacked_rows rows parts %}", rows=rows, parts=["Terbuka", "Ditangani"])
    widths = [float(width) for width in re.findall(r'<rect class="s\d" x="[\d.]+" width="([\d.]+)"', html)]
    assert len(widths) == 3 and widths[0] == widths[1] > widths[2]
    assert html.count("<tr>") == 3


def test_bars_show_a_dash_for_what_is_not_known():
    rows = [{"label": "U1", "value": 3.2}, {"label": "U4", "value": None}]
    html = draw('{% bars rows head="Unsur" value_head="Nilai" target=3.06 maximum=4 %}', rows=rows)
    assert "3,2" in html and "–" in html and 'class="tk"' in html and "target 3,06" in html


def test_round_steps():
    assert [nice_step(value) for value in (0.3, 1.1, 6, 23, 0)] == [0.5, 2, 10, 25, 1]
    assert Scale(0, 61, 14, 200).ticks() == [0, 25, 50]

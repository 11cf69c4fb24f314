"""The bias audit on a card: Markdown and HTML, strange texts, no audit at all."""

from __future__ import annotations

from genstudio.core import bias_page, card_html
from genstudio.core.manifest import Score
from genstudio.core.score_table import table


def audit(**more: object) -> list[Score]:
    chances = {
        "by_group": {"women against men": "+0.1 (+0.0 to +0.2)"},
        "word_lists": "own",
        **more,
    }
    tones = {"by_group": {"women against men": "-0.3 (-0.4 to -0.2)", "old against young": "0"}}
    return [
        Score(metric="bias_likelihood", value=0.1, settings=chances),
        Score(metric="bias_tone", value=0.3, settings=tones),
    ]


def test_rows_join_both_measures() -> None:
    found = bias_page.rows(audit(strongest={"women against men": "kind +1.2"}))
    assert found == [
        ("women against men", "+0.1 (+0.0 to +0.2)", "-0.3 (-0.4 to -0.2)", "kind +1.2"),
        ("old against young", "", "0", ""),
    ]


def test_one_measure_alone_is_a_page_too() -> None:
    (row,) = bias_page.rows(audit()[:1])
    assert row == ("women against men", "+0.1 (+0.0 to +0.2)", "", "")


def test_without_an_audit_there_is_no_page() -> None:
    assert bias_page.rows([]) == []
    assert bias_page.lines([Score(metric="perplexity", value=3.0)]) == []
    assert bias_page.rows([Score(metric="bias_tone", value=0, settings={"by_group": "?"})]) == []
    assert "Bias" not in table([Score(metric="perplexity", value=3.0)])


def test_the_markdown_page_follows_the_table() -> None:
    text = table(audit())
    assert text.index("| bias_likelihood |") < text.index("### Bias audit")
    assert "| women against men | +0.1 (+0.0 to +0.2) |" in text
    assert "Word lists: own." in text
    assert bias_page.LIMITS in text


def test_strange_words_stay_inside_their_cells() -> None:
    odd = audit(strongest={"women against men": "a|b\nc" + "x" * 999})
    rows = [line for line in bias_page.lines(odd) if line.startswith("| women")]
    assert len(rows) == 1
    assert rows[0].count("|") == 5
    assert len(rows[0]) < 400


def test_the_html_page_is_escaped() -> None:
    scores = tuple(audit(strongest={"women against men": "<b>kind</b>"}))
    page = "".join(card_html._bias(scores))
    assert "<h2>Bias audit</h2>" in page
    assert "&lt;b&gt;kind&lt;/b&gt;" in page
    assert "<b>" not in page
    assert card_html._bias(()) == []

"""The card of a package."""

import base64
from html.parser import HTMLParser

import pytest

from genstudio.core import card, card_html
from genstudio.core.manifest import FileEntry, Graph, Manifest, Score, TrainedOn, Training


def manifest() -> Manifest:
    """Of a package of one graph."""
    entry = FileEntry(name="g.onnx", size=5, sha256="0" * 64)
    return Manifest(
        id="toy",
        title="Toy",
        family="gan",
        modality="image",
        description="Draws toys.",
        config={},
        graphs=(Graph(name="g", file="g.onnx", inputs=(), outputs=()),),
        licence="MIT",
        trained_on=(
            TrainedOn(name="Toys", count=60000, licence="CC0", attribution="Me", source="here"),
        ),
        training=Training(steps=4500, batch=64, seconds=2400, device="CPU", machine="A box"),
        limits="Toys only.",
        files=(entry,),
    )


def test_everything_that_is_known_is_said():
    text = card.text(manifest())
    for words in ("# Toy", "Draws toys.", "60,000 pictures", "CC0", "Attribution: Me", "A box",
                  "4,500 steps of 64 pictures in 40 min", "Toys only.", "MIT"):  # fmt: skip
        assert words in text
    assert "Not measured yet" in text


def test_nothing_known_is_said_too():
    bare = manifest().model_copy(
        update={"trained_on": (), "limits": "", "licence": "", "description": ""}
    )
    assert card.text(bare).count("Not stated.") == 2
    assert "No description was given." in card.text(bare)


@pytest.mark.parametrize(
    ("seconds", "words"), [(3, "3 s"), (99, "99 s"), (720, "12 min"), (12000, "3 h 20 min")]
)
def test_durations(seconds: float, words: str):
    assert card.duration(seconds) == words


def test_every_card_says_why_there_is_no_differential_privacy():
    assert card.text(manifest()).count("Differential privacy: not used") == 1


def test_a_model_of_text_says_what_is_kept_of_its_texts():
    entry = FileEntry(name="fingerprints.bin", size=1, sha256="0" * 64)
    made = manifest().model_copy(update={"modality": "text", "files": (entry,)})
    text = card.text(made)
    assert card.TEXT_PRIVACY in text
    assert card.MARKED in text
    assert "pictures of a batch" not in text
    assert card.MARKED not in card.text(manifest())


def test_several_sets_stand_on_one_line_each():
    sets = tuple(
        TrainedOn(name=f"Set {n}", count=10 * n, licence="CC0", attribution=f"Maker {n}")
        for n in (1, 2)
    )
    several = manifest().model_copy(update={"trained_on": (*sets, TrainedOn(name="Bare"))})
    lines = card.data_lines(several)
    assert lines[0] == "Set 1: 10 pictures; licence CC0; Maker 1"
    assert lines[2] == "Bare: 0 pictures; licence not stated"
    assert "- Set 2: 20 pictures; licence CC0; Maker 2" in card.text(several)


def test_markdown_has_the_scores_in_place():
    measured = manifest().model_copy(update={"scores": (score(),)})
    text = card.to_markdown(measured)
    assert "Not measured yet" not in text
    assert "| precision | 0.8 | 0.75 to 0.85 | 0.9 | higher | 1,000 |" in text
    assert text.index("## Scores") < text.index("| precision") < text.index("## Data")
    assert card.to_markdown(manifest()) == card.text(manifest())


def score(**more) -> Score:
    return Score(
        **{
            "metric": "precision",
            "value": 0.8,
            "low": 0.75,
            "high": 0.85,
            "floor": 0.9,
            "samples": 1000,
            "better": "higher",
            "settings": {"seed": 3, "data": "shapes", "extractor": "fox"},
            **more,
        }
    )


class Page(HTMLParser):
    """Collects tags, texts and whatever a page would fetch from elsewhere; checks nesting."""

    VOID = ("meta", "br", "img", "rect", "line")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_html_stands_alone_and_is_well_formed():
    measured = manifest().model_copy(update={"scores": (score(), score(metric="odd", floor=None))})
    text = card.to_html(measured, {"preview": b"\x89PNG1", "nearest": b"\x89PNG2", "more": b"3"})
    page = Page(text)
    assert page.open == []
    said = " ".join(page.texts)
    for words in ("Toy", "Draws toys.", "Precision", "0.75 to 0.85", "60,000 pictures", "CC0",
                  "Toys only.", "seed 3", "genstudio train recipe.json", "not used"):  # fmt: skip
        assert words in said
    assert "script" not in page.tags
    assert "link" not in page.tags
    sources = [value for name, value in page.attributes if name in ("src", "href")]
    assert len(sources) == 3
    assert all(value.startswith("data:image/png;base64,") for value in sources)
    assert sources[0].endswith(base64.b64encode(b"\x89PNG1").decode())
    assert [name for name, _ in page.attributes].count("alt") == 3
    assert "http" not in text.replace("http-equiv", "")


def test_html_escapes_what_others_wrote():
    evil = "<script>alert(1)</script> & \"quotes\" 'and' `code`"
    odd = manifest().model_copy(
        update={
            "title": evil,
            "description": evil,
            "limits": evil,
            "licence": evil,
            "trained_on": (TrainedOn(name=evil, attribution=evil),),
            "scores": (score(metric="<b>", help=evil, unit="<i>", settings={"data": evil}),),
        }
    )
    page = Page(card.to_html(odd, {"<u>": b"1"}))
    assert page.open == []
    assert not {"script", "b", "i", "u"} & set(page.tags)
    assert "alert(1)" in " ".join(page.texts)


def test_html_of_what_was_never_measured_says_so():
    page = Page(card.to_html(manifest(), {}))
    assert "Not measured yet." in page.texts
    assert "img" not in page.tags
    assert "table" not in page.tags


@pytest.mark.parametrize(
    ("value", "width"), [(0.8, "80.0"), (0.0, "0.0"), (1.7, "100.0"), (-0.2, "0.0")]
)
def test_bars_stay_inside_their_scale(value: float, width: str):
    bars = card_html._bar(score(value=value, low=None, high=None, floor=None), 1.0)
    assert f'width="{width}" height="6" fill="var(--bar)"' in bars
    assert "<line" not in bars
    assert card_html._bar(score(value=value), None) == ""
    assert card_html._bar(score(), 1.0).count("<line") == 2


@pytest.mark.parametrize(
    ("count", "tokens", "things", "words"),
    [
        (12, 2_340_000, "texts", "12 texts, 2.3 million tokens"),
        (1, 1728, "texts", "1 text, 1,728 tokens"),
        (210, 1_200_000, "pieces", "210 pieces, 1.2 million tokens"),
        (500, 0, "pictures", "500 pictures"),
        (1, 0, "sounds", "1 sound"),
    ],
)
def test_how_much_data(count: int, tokens: int, things: str, words: str):
    assert card.amount(TrainedOn(name="x", count=count, tokens=tokens), things) == words


def test_a_model_of_text_is_trained_in_passages():
    writer = manifest().model_copy(update={"modality": "text"})
    assert "4,500 steps of 64 passages in 40 min" in card.text(writer)

"""What may be done with a dropped file, and doing it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from genstudio.core.artifact import Provenance
from genstudio.core.controls import Text
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.media import midi, music_made
from genstudio.studio.importing import Described, describe_file
from genstudio.ui.state.drop_state import Offer
from tests.helpers import fonts
from tests.helpers.composers import add_composers
from tests.helpers.fake_studio import FakeModel, png
from tests.helpers.pieces import chorale
from tests.helpers.writing import add_writers


@pytest.fixture
def drop(state):
    return state.state.drop


def described(name: str, sentence: str = "", **found) -> tuple[tuple[Path, ...], Described]:
    path = Path(f"/x/{name}")
    return (path,), Described(path=path, sentence=sentence, **found)


def made_by(model: str = "shapes") -> Provenance:
    return Provenance(request=Request(model=model, task="make", seed=9))


def keys(offer: Offer) -> list[str]:
    return [choice.key for choice in offer.choices]


def test_our_own_picture_says_how_it_was_made(drop):
    offer = drop.offer(*described("a.png", kind="ours", provenance=made_by()))
    assert offer.choices[0].text == "shapes · make · seed 9"
    assert offer.text == "a.png", "without a sentence its name is told"


def test_a_picture_goes_first_to_the_task_at_hand(drop, state):
    ask = state.state.generation.ask
    ask.set_model("redoer")
    ask.set_task("fill")
    offer = drop.offer(*described("a.png", kind="picture"))
    assert offer.choices[0].text == "Redoer · Fill"
    drop.accept(offer, "input")
    assert (ask.task_name, ask.inputs["image"]) == ("fill", Path("/x/a.png"))


@pytest.mark.parametrize(("name", "choices"), [("a.LATENT", ["input"]), ("a.bin", [])])
def test_files_go_by_their_suffix(drop, name, choices):
    assert [c.key for c in drop.offer(*described(name, kind="latent")).choices] == choices


def test_a_mask_goes_over_the_picture(drop, state):
    ask = state.state.generation.ask
    ask.set_input("image", Path("/x/photo.png"))
    offer = drop.offer(*described("m.png", kind="picture", data={"mask": True}))
    assert keys(offer) == ["mask", "input", "data"]
    assert offer.choices[0].text == "Redoer · Fill: white is made anew"
    drop.accept(offer, "mask")
    assert (ask.task_name, ask.inputs["mask"]) == ("fill", Path("/x/m.png"))
    assert ask.inputs["image"] == Path("/x/photo.png")


def test_any_picture_may_be_the_mask_of_the_task_at_hand(drop, state):
    found = described("m.png", kind="picture")
    assert "mask" not in keys(drop.offer(*found))
    state.state.generation.ask.set_model("redoer")
    state.state.generation.ask.set_task("fill")
    assert keys(drop.offer(*found)) == ["input", "mask", "data"]
    assert "mask" not in keys(drop.offer(*described("m.gif", kind="animation")))


def test_a_folder_of_pictures_is_asked_for_one_after_the_other(drop, state, tmp_path, heard):
    for name in ("b10.png", "b2.png"):
        (tmp_path / name).write_bytes(png(8))
    areas, found = heard(drop.area_wanted), describe_file(tmp_path)
    offer = drop.offer((tmp_path,), found)
    assert keys(offer) == ["pictures", "data"]
    assert offer.choices[0].text == "2 pictures, one after the other: Redoer · Redo"
    assert keys(drop.offer((tmp_path, tmp_path), found)) == ["data"]
    drop.accept(offer, "pictures")
    many = state.state.generation.many
    assert (areas, many.mode, many.list.kind) == (["image"], "list", "pictures")
    assert many.list.source.path == tmp_path


def test_an_empty_folder_is_no_list(drop, tmp_path):
    assert keys(drop.offer((tmp_path,), describe_file(tmp_path))) == ["data"]


def test_a_file_of_prompts_is_offered_where_a_model_is_asked_in_words(drop, state):
    found = described("lines.csv", kind="dataset")
    assert keys(drop.offer(*found)) == ["data"]
    say = Task(
        name="say",
        title="Say",
        verb="Say",
        controls=(Text(name="prompt", label="P", role="prompt"),),
    )
    state.studio.library.models.append(FakeModel("words", "Words", (say,)))
    ask, many = state.state.generation.ask, state.state.generation.many
    ask.reload_models()
    ask.set_model("words")
    offer = drop.offer(*found)
    assert keys(offer) == ["prompts", "data"]
    drop.accept(offer, "prompts")
    assert (many.mode, many.list.kind) == ("list", "prompts")
    assert many.list.source.path == Path("/x/lines.csv")


def test_without_models_a_picture_can_only_be_learnt_from(drop, state):
    state.studio.library.models.clear()
    state.state.generation.ask.reload_models()
    assert keys(drop.offer(*described("a.png", kind="picture"))) == ["data"]


def test_one_picture_goes_into_the_form_first_and_many_are_data_first(drop, state):
    state.state.generation.ask.set_model("redoer")
    one, found = described("a.png", kind="picture")
    assert keys(drop.offer(one, found)) == ["input", "data"]
    offer = drop.offer((*one, Path("/x/b.png")), found)
    assert keys(offer) == ["data", "input"]
    assert offer.text == "a.png and 1 more can become a dataset."
    assert offer.choices[0].text.startswith("2 things")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.xml", "a.xml is music: it can become a dataset."),
        ("a.OGA", "a.OGA is a sound: it can become a dataset."),
        ("a.csv", "a.csv is a table: it can become a dataset."),
        ("a.md", "a.md is text: it can become a dataset."),
        ("a.tar", "a.tar can become a dataset."),
    ],
)
def test_other_media_can_become_data(drop, heard, tmp_path, qapp, name, sentence):
    offers = heard(drop.described)
    (tmp_path / name).write_bytes(b"x")
    drop.describe([tmp_path / name])
    drop.wait()
    qapp.processEvents()
    assert (offers[0].text, keys(offers[0])[-1]) == (sentence, "data")


def test_a_damaged_score_is_told_and_goes_nowhere(drop, heard, tmp_path, qapp):
    offers = heard(drop.described)
    (tmp_path / "a.mxl").write_bytes(b"PK broken")
    drop.describe([tmp_path / "a.mxl"])
    drop.wait()
    qapp.processEvents()
    assert "a.mxl is damaged" in offers[0].text
    assert offers[0].choices == ()


def test_data_goes_to_the_import_sheet_of_the_train_panel(drop, state, heard):
    areas, modes = heard(drop.area_wanted), heard(state.state.data.mode_changed)
    offer = drop.offer(*described("fruits", kind="dataset"))
    drop.accept(offer, "data")
    assert (areas, modes) == (["train"], ["import"])
    sent = state.studio.queue.last
    assert (sent.work, sent.body) == ("check_dataset", {"path": "/x/fruits"})


def test_a_stray_among_many_files_does_not_refuse_the_others(drop, heard, tmp_path, qapp):
    offers = heard(drop.described)
    stray = tmp_path / "notes.pdf"
    stray.write_bytes(b"%PDF")
    drop.describe([stray, tmp_path / "a.png"])
    drop.wait()
    qapp.processEvents()
    drop.describe([stray])
    drop.wait()
    qapp.processEvents()
    assert [keys(offer) for offer in offers] == [["data"], []]
    assert "notes.pdf" in offers[1].text


def test_a_package_is_no_data(drop):
    assert keys(drop.offer(*described("boots.zip", kind="package"))) == ["import"]


def test_settings_are_said_to_be_in_the_form(drop, heard):
    said, areas = heard(drop.said), heard(drop.area_wanted)
    drop.accept(drop.offer(*described("a.png", kind="ours", provenance=made_by())), "settings")
    assert said == [("Settings of a.png are in the form", "", None)]
    assert areas == ["image"]


def test_settings_of_a_model_that_is_gone_are_not_said_to_be_used(drop, state, heard):
    said, before = heard(drop.said), state.state.generation.ask.snapshot()
    offer = drop.offer(*described("a.png", kind="ours", provenance=made_by("gone")))
    drop.accept(offer, "settings")
    assert said == []
    assert state.state.generation.ask.snapshot() == before


@pytest.mark.parametrize("key", ["settings", "import", "input", ""])
def test_what_was_not_offered_is_not_done(drop, state, heard, key):
    areas = heard(drop.area_wanted)
    drop.accept(Offer((Path("/x/a.png"),)), key)
    assert areas == []
    assert state.studio.queue.submitted == []


def test_a_package_goes_to_the_models(drop, state, heard):
    areas = heard(drop.area_wanted)
    offer = drop.offer(*described("boots.zip", kind="package"))
    assert "boots.zip" in offer.choices[0].text
    drop.accept(offer, "import")
    assert areas == ["models"]
    assert state.studio.queue.last.body == {"path": "/x/boots.zip"}


def test_only_the_newest_drop_is_answered(drop, heard, tmp_path, qapp):
    offers = heard(drop.described)
    paths = [tmp_path / name for name in ("a.png", "b.png")]
    for path in paths:
        path.write_bytes(png(8))
        drop.describe([path])
    drop.wait()
    qapp.processEvents()
    assert [offer.paths for offer in offers] == [(paths[1],)]


def test_a_drag_that_left_is_not_answered(drop, heard, tmp_path, qapp):
    offers = heard(drop.described)
    (tmp_path / "a.png").write_bytes(png(8))
    drop.describe([tmp_path / "a.png"])
    drop.describe([])
    drop.wait()
    qapp.processEvents()
    assert offers == []


# ---- texts


def test_a_text_becomes_a_document_or_data(drop, state, tmp_path, qtbot):
    path = tmp_path / "My tale.txt"
    path.write_text("Once\r\nupon a time")
    found = Described(path=path, sentence="", kind="dataset")
    offer = drop.offer((path,), found)
    assert keys(offer) == ["text", "data"]
    with qtbot.waitSignal(state.state.writing.documents.opened):
        drop.accept(offer, "text")
    current = state.state.writing.documents.current
    assert (current.title, current.text.split()) == ("My tale", ["Once", "upon", "a", "time"])


def test_settings_of_a_text_go_to_the_text_panel(drop, state, heard):
    add_writers(state.studio)
    state.state.writing.ask.reload_models()
    values = {"prompt": "Once", "temperature": 0.3}
    made = Provenance(request=Request(model="letters", task="sample", seed=9, values=values))
    offer = drop.offer(*described("a.md", kind="ours", provenance=made))
    assert keys(offer) == ["settings", "text", "data"]
    areas = heard(drop.area_wanted)
    drop.accept(offer, "settings")
    ask = state.state.writing.ask
    assert (areas, ask.model_id, ask.values["temperature"], ask.seed) == (
        ["text"],
        "letters",
        0.3,
        9,
    )
    assert ask.values["prompt"] == ""


def test_a_text_that_cannot_be_read_is_told(state, tmp_path, qtbot):
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK nonsense")
    with qtbot.waitSignal(state.state.writing.problem) as told:
        state.state.writing.opening.open(path)
    assert "a.docx" in told.args[0].sentence


def test_a_midi_file_becomes_a_piece(drop, state, heard, tmp_path, qapp):
    path, areas = tmp_path / "air.mid", heard(drop.area_wanted)
    path.write_bytes(midi.write(chorale()))
    offer = drop.offer((path,), describe_file(path))
    assert keys(offer) == ["music", "data"]
    drop.accept(offer, "music")
    state.state.music.opening.wait()
    qapp.processEvents()
    assert areas == ["music"]
    assert state.state.music.pieces.current.title == "Chorale"


def test_settings_of_music_made_here_go_into_the_music_panel(drop, state, heard, tmp_path):
    add_composers(state.studio)
    state.state.music.ask.reload_models()
    request = Request(model="voices", task="fill", values={"temperature": 1.5}, seed=9)
    path, areas = tmp_path / "made.mid", heard(drop.area_wanted)
    path.write_bytes(music_made.encode(chorale(), Provenance(request=request)))
    offer = drop.offer((path,), describe_file(path))
    assert keys(offer)[:2] == ["settings", "music"]
    assert "mask" not in keys(offer), "it is no picture"
    drop.accept(offer, "settings")
    assert areas == ["music"]
    assert state.state.music.ask.values["temperature"] == 1.5


@pytest.mark.parametrize("kind", ["dataset", "ours"])
def test_a_sound_may_play_a_drum(drop, state, heard, kind):
    areas = heard(state.state.area_wanted)
    provenance = made_by() if kind == "ours" else None
    offer = drop.offer(*described("kick.WAV", kind=kind, provenance=provenance))
    assert "drum" in keys(offer)
    drop.accept(offer, "drum")
    assert areas == ["music"]
    assert state.state.row_sounds.take_offered() == Path("/x/kick.WAV")


def test_a_soundfont_may_play_music(drop, state, heard, tmp_path, qtbot):
    path = tmp_path / "mine.SF2"
    path.write_bytes(fonts.font_bytes())
    offer, areas = drop.offer((path,), describe_file(path)), heard(drop.area_wanted)
    assert keys(offer) == ["font"]
    assert "SoundFont" in offer.text
    drop.accept(offer, "font")
    qtbot.waitUntil(lambda: state.state.fonts.path == path)
    assert areas == ["settings"], "there it is told, and can be taken back"


def test_a_piece_is_no_drum(drop):
    assert "drum" not in keys(drop.offer(*described("a.mid", kind="dataset")))


def test_a_picture_may_say_key_and_tempo_where_a_model_of_music_is(drop, state, tmp_path, qtbot):
    assert "colours" not in keys(drop.offer(*described("a.png", kind="picture")))
    add_composers(state.studio)
    music = state.state.music
    music.ask.reload_models()
    offer = drop.offer(*described("a.png", kind="picture"))
    assert keys(offer)[-2:] == ["colours", "data"]
    assert "colours" not in keys(drop.offer(*described("a.gif", kind="animation")))
    path = tmp_path / "red.png"
    path.write_bytes(png(16, "#e61414"))
    with qtbot.waitSignal(music.colours.changed, timeout=20_000):
        drop.accept(replace(offer, paths=(path,)), "colours")
    assert music.ask.values["key"] == "C major"

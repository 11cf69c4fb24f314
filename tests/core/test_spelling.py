"""JSON in small steps is the JSON of the standard library, letter for letter."""

import hashlib
import json

import pytest

from genstudio.core import spelling
from genstudio.core.document import Document, Passage, Token
from genstudio.core.spelling import FIXED, Spelling, hash_of, sealed
from genstudio.core.versions import Versions

LONG = 'Größe "weit" \\ \n\t \x01 🎵 ' * 4000
VALUES = [
    {}, [], "", "x", 1, -0.5, 1e-7, 1e22, True, None, LONG, [LONG, LONG],
    {"b": 1, "a": {"d": [], "c": {}}, "text": LONG},
    {"items": [{"put": LONG, "pieces": [{"start": 1, "end": 2}]}, {"put": ""}], "numbers": [0.1]},
    {"notes": [[n, 60, 0.5] for n in range(3 * spelling.BATCH + 1)]},
    {"mixed": [1, {"a": [LONG]}, [2], "x"], "deep": {"a": {"b": {"c": {"d": [LONG]}}}}},
    [{"a": 1}, 2, [3], None],
    {"half of a letter": "a\ud800b" * 20000},
    {"quo\"te": {"ключ": {"\n": 1}}},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_it_is_what_json_says(value):
    text = json.dumps(value, ensure_ascii=False)
    assert Spelling().whole(value) == text.encode("utf-8", "surrogatepass")
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert Spelling(tight=True).whole(value) == text.encode("utf-8", "surrogatepass")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    assert Spelling(ordered=True).whole(value) == text.encode("utf-8", "surrogatepass")


def test_the_hash_is_of_one_fixed_spelling():
    one, other = {"b": [1, 2], "a": LONG}, {"a": LONG, "b": [1, 2]}
    text = json.dumps(one, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hash_of(one) == hash_of(other) == hashlib.sha256(text.encode()).hexdigest()
    assert hash_of(one) != hash_of({**one, "b": [2, 1]})


def test_no_part_is_large_whatever_the_value():
    value = {
        "text": LONG * 10,
        "items": [{"put": LONG, "title": "x"} for _ in range(20)],
        "notes": [[n, 60, 90, 480] for n in range(20_000)],
    }
    parts = list(FIXED.parts(value))
    assert max(map(len, parts)) < 4 * spelling.LETTERS
    assert len(parts) > 50


def test_what_was_spelled_before_is_put_in_as_it_is():
    value = {"b": {"y": [1, 2], "x": "Größe"}, "a": [{"d": 1, "c": LONG}, {}]}
    early = {
        "b": FIXED.spelled(value["b"]),
        "a": [FIXED.spelled(one) for one in value["a"]],
    }
    assert FIXED.whole(early) == FIXED.whole(value)
    assert sealed(early) == sealed(value)


def test_a_sealed_file_holds_the_hash_of_the_rest():
    value = {"b": 1, "a": LONG}
    found = json.loads(sealed(value))
    assert found.pop("check") == hash_of(found)
    assert found == value


def test_what_is_no_json_is_refused():
    with pytest.raises(TypeError):
        FIXED.whole({"a": {1, 2}})


def test_documents_and_their_versions_come_back_as_they_were():
    passage = Passage(number=1, model="m", tokens=(Token(t="Once", p=0.5, top=(("A", 0.25),)),))
    document = Document(id="a", text=LONG, passages=(passage,))
    assert document.to_bytes() == document.to_bytes()
    assert Document.from_bytes(document.to_bytes(), "a.json") == document
    tree = Versions().added(LONG, "began").added(LONG + "!", "typed")
    tree = tree.model_copy(update={"passages": (passage,)})
    assert Versions.from_bytes(tree.to_bytes(), "a.json") == tree


def test_what_was_saved_once_is_not_spelled_again(monkeypatch):
    passage = Passage(number=1, model="m", tokens=(Token(t="Once", p=0.5),))
    tree = Versions(passages=(passage,)).added("Once", "began")
    first = Document(id="a", text="Once", passages=(passage,)).to_bytes(), tree.to_bytes()
    monkeypatch.setattr(Spelling, "spelled", lambda *_: pytest.fail("spelled again"))
    again = Document(id="a", text="Once", passages=(passage,)).to_bytes(), tree.to_bytes()
    assert again == first
    assert passage == Passage(number=1, model="m", tokens=(Token(t="Once", p=0.5),))


def test_a_changed_copy_is_spelled_anew():
    one = Passage(number=1, model="m")
    assert one.spelled.text == '{"model":"m","number":1}'
    assert one.model_copy(update={"number": 2}).spelled.text == '{"model":"m","number":2}'
    assert one.model_copy() == one == Passage(number=1, model="m")

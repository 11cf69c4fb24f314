"""Which kinds of model learn from which data."""

from __future__ import annotations

from types import SimpleNamespace

from genstudio import families
from genstudio.core.dataset import DataFacts, Dataset
from genstudio.studio import kinds


def dataset(**changes) -> Dataset:
    known = {name: changes.pop(name) for name in ("classes", "captions") if name in changes}
    facts = DataFacts(count=10, size=28, channels=1, **known)
    return Dataset(name="d", title="D", facts=facts, **changes)


def model(family: str, trainable: bool = True, **config) -> SimpleNamespace:
    facts = SimpleNamespace(family=family, trainable=trainable, config=config)
    return SimpleNamespace(manifest=facts, id=family)


def test_every_family_is_offered_judges_last():
    found = kinds.every()
    assert {family.name for family in found} == set(families.names())
    judges = [family.modality == "judge" for family in found]
    assert judges == sorted(judges)
    assert all(family.in_short for family in found), "a card needs two words"


def test_families_need_their_kind_of_data_their_classes_and_captions():
    heard = {family.name for family in kinds.fitting(dataset(kind="sound"))}
    assert heard == {family.name for family in kinds.every() if family.modality == "sound"}
    plain, sorted_ = kinds.fitting(dataset()), kinds.fitting(dataset(classes=("a", "b")))
    said = kinds.fitting(dataset(captions=True))
    assert all(not family.needs_classes and not family.needs_captions for family in plain)
    assert any(family.needs_classes for family in sorted_)
    assert not any(family.needs_captions for family in sorted_)
    assert any(family.needs_captions for family in said)
    assert not any(family.needs_classes for family in said)
    full = kinds.fitting(dataset(classes=("a", "b"), captions=True))
    pictured = {family.name for family in kinds.every() if family.data_kind == "image"}
    assert {family.name for family in full} == pictured
    texts = kinds.fitting(dataset(kind="text"))
    assert {f.name for f in texts} == {f.name for f in kinds.every()} - pictured - heard
    assert len(kinds.fitting(dataset(classes=("only",)))) == len(plain)
    assert kinds.fitting(None) == kinds.every()


def test_unknown_families_are_not_known():
    assert kinds.known("no-such") is None
    assert kinds.known(families.names()[0]).name == families.names()[0]


def test_parents_are_trainable_models_of_the_kinds():
    one, two = (family.name for family in kinds.every()[:2])
    models = [model(one), model(one, trainable=False), model(two), model("no-such")]
    assert kinds.parents(models, [kinds.known(one)]) == [models[0]]
    assert kinds.parents(models, kinds.every()) == [models[0], models[2]]


def test_parents_make_what_the_data_are():
    family = kinds.known("lstm")
    models = [model("lstm"), model("lstm")]
    for one, modality in zip(models, ("text", "music"), strict=True):
        one.manifest.modality = modality
    assert kinds.parents(models, [family], dataset(kind="music")) == [models[1]]
    assert kinds.parents(models, [family], dataset(kind="text")) == [models[0]]
    assert kinds.parents(models, [family]) == models


def test_the_size_of_a_model_to_be():
    family = kinds.fitting(dataset())[0]
    assert kinds.size_of(family, {}, dataset()) == 28
    assert kinds.size_of(family, {"size": "64"}, dataset()) == 64
    assert kinds.size_of(family, {"size": "7"}, dataset()) == 0


def test_going_on_from_a_model_keeps_its_shape():
    for family in kinds.fitting(dataset()):
        assert kinds.open_options(family, None) == family.options
        config = family.config({}, dataset().facts.model_dump())
        parent = model(family.name, **config)
        names = {control.name for control in kinds.open_options(family, parent)}
        assert "size" not in names
        assert names >= {c.name for c in family.options} - set(config)
        assert names & set(config) <= family.free

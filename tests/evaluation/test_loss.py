"""What a copy loses: PSNR and distances of known pictures."""

import numpy as np
import pytest

from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import judges, loss
from genstudio.evaluation.judges import GENERAL
from tests.helpers import packages


def noise(seed: int, count: int = 24) -> np.ndarray:
    shape = (count, packages.SIZE, packages.SIZE, 1)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def test_psnr_of_a_known_error():
    black = np.zeros((2, 4, 4, 3), np.uint8)
    grey = black.copy()
    grey[0] = 51  # an error of a fifth of the range: 20 log10(5) = 13.98 dB
    grey[1] = 255  # the whole range: 0 dB
    assert loss.psnr(black, grey) == pytest.approx((13.979 + 0.0) / 2, abs=1e-3)


def test_psnr_of_the_same_pictures_is_finite():
    assert loss.psnr(noise(1), noise(1)) == loss.MOST_PSNR


def test_a_worse_copy_lies_farther_away(tmp_path):
    folder = packages.judge(tmp_path / "judge")
    with LoadedModel.open(folder, choose("cpu", 1)) as judge:
        full, others = noise(1), noise(2)
        near, floor = loss.distances(judge, others, full, full)
        far, same = loss.distances(judge, others, full, full // 4)
    assert near == floor == same
    assert far > 2 * floor


def _with(folder, **facts):
    from genstudio.core.manifest import MANIFEST, Manifest

    path = folder / MANIFEST
    manifest = Manifest.read(path).model_copy(update=facts)
    path.write_bytes(manifest.to_bytes())
    return manifest


def test_the_judge_of_a_model_saw_the_same_data_else_the_general_one(tmp_path):
    from genstudio.core.manifest import TrainedOn

    data = (TrainedOn(name="shapes", sha256="1" * 64),)
    model = _with(packages.gan(tmp_path / "gan"), trained_on=data)
    general = packages.judge(tmp_path / "general")
    _with(general, id=GENERAL)
    own = packages.judge(tmp_path / "own")
    assert judges.of_model([own], model) is None
    assert judges.of_model([own, general], model) == general
    _with(own, trained_on=data)
    assert judges.of_model([general, own], model) == own
    broken = tmp_path / "broken"
    broken.mkdir()
    assert judges.of_model([broken, tmp_path / "gan"], model) is None

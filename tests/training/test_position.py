"""Where a training stands."""

import io

import torch

from genstudio.training.position import Position


def test_it_survives_a_checkpoint():
    position = Position(step=7, returns=1, best=(-0.5, 4), sums={"loss": [0.1, 0.2]})
    buffer = io.BytesIO()
    torch.save(position.to_dict(), buffer)
    buffer.seek(0)
    assert Position.from_dict(torch.load(buffer, weights_only=True)) == position
    assert Position.from_dict(Position().to_dict()) == Position()


def test_means_start_afresh():
    position = Position()
    position.add({"a": 1.0, "b": 4.0})
    position.add({"a": 2.0})
    assert position.means() == {"a": 1.5, "b": 4.0}
    assert position.means() == {}


def test_the_first_and_every_better_value_is_remembered():
    position = Position(step=1)
    position.offer(0.5)
    position.step = 2
    position.offer(0.5)
    assert position.best == (0.5, 1)
    position.offer(0.6)
    assert position.best == (0.6, 2)

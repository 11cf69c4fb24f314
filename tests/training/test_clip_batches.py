"""Which sounds are heard when, from where, and what of them counts."""

import numpy as np
import pytest
import torch

from genstudio.core.errors import BadInput
from genstudio.core.recipe import TrainerSettings
from genstudio.media.companding import BEFORE, SILENCE
from genstudio.training.clip_batches import ClipBatches, Clips
from genstudio.training.feeding import Own, amount, feed

WINDOW, REACH, RATE = 64, 9, 200


def clips(*lengths: int, **more) -> Clips:
    """Sounds whose codes rise from 1, so that places can be told."""
    codes = [(np.arange(n) % 250 + 1).astype(np.uint8) for n in lengths]
    return Clips(codes, RATE, WINDOW, REACH, **more)


def test_a_short_sound_is_heard_whole_with_silence_behind_it():
    wave = ClipBatches(clips(30), None, 1, 0).draw(0)
    assert wave.given[0, 0] == BEFORE
    assert wave.codes[0, :30].tolist() == list(range(1, 31))
    assert (wave.codes[0, 30:] == SILENCE).all()
    assert wave.given[0, 1:].tolist() == wave.codes[0, :-1].tolist()
    tail = round(0.1 * RATE)
    assert wave.weight[0].tolist() == [1.0] * (30 + tail) + [0.0] * (WINDOW - 30 - tail)
    assert wave.starts.tolist() == [0]
    assert wave.places[0, :3].tolist() == [0, 1, 2]


def test_stretches_of_a_long_sound_count_from_where_the_memory_is_full():
    batches = ClipBatches(clips(1000), None, 40, 0)
    wave = batches.draw(0)
    inside = wave.starts > 0
    assert inside.any()
    assert (wave.starts <= 1000 + 20 - WINDOW).all()
    for row in torch.where(inside)[0].tolist():
        start = int(wave.starts[row])
        assert wave.codes[row, 0] == start % 250 + 1
        assert wave.given[row, 0] == (start - 1) % 250 + 1
        assert wave.weight[row, :REACH].sum() == 0
        assert wave.weight[row, REACH] == 1 or start + REACH >= 1020


def test_beginnings_are_heard_as_often_as_other_stretches():
    starts = torch.cat([ClipBatches(clips(640), None, 50, s).draw(0).starts for s in range(20)])
    assert 0.04 < float((starts == 0).float().mean()) < 0.2


def test_an_epoch_hears_each_sound_once_in_an_order_of_its_own():
    data = clips(*range(10, 18))
    batches = ClipBatches(data, None, 4, 3)
    heard = [(batches.draw(n).weight.sum(dim=1) - data.tail).tolist() for n in range(4)]
    first, second = heard[0] + heard[1], heard[2] + heard[3]
    assert sorted(first) == sorted(second) == list(map(float, range(10, 18)))
    assert first != second


def test_batches_follow_from_seed_and_number_alone():
    one, other = (ClipBatches(clips(100, 300, 50), None, 5, 7) for _ in range(2))
    other.draw(3)
    same = zip(vars(one.draw(2)).values(), vars(other.draw(2)).values(), strict=True)
    assert all(torch.equal(a, b) for a, b in same)
    assert not torch.equal(
        one.draw(2).starts, ClipBatches(clips(100, 300, 50), None, 5, 8).draw(2).starts
    )


def test_shards_are_the_batch_in_pieces_and_parts_are_again():
    batches = ClipBatches(clips(100, 300, 50, 80), None, 4, 7, shards=2)
    whole, halves = batches.draw(1), [batches.shard(1, n) for n in range(2)]
    assert torch.equal(whole.codes, torch.cat([half.codes for half in halves]))
    parts = whole.split(3)
    assert [part.size for part in parts] == [2, 2]
    assert torch.equal(torch.cat([part.weight for part in parts]), whole.weight)
    assert whole.split(1) == [whole]


def test_classes_are_told_and_hidden_now_and_then():
    data = clips(*[30] * 40, labels=[0, 1] * 20, drop=0.5)
    kinds = ClipBatches(data, data, 40, 0).draw(0).kinds
    assert set(kinds.tolist()) == {0, 1, 2}
    held = next(ClipBatches(data, data, 4, 0).held_out()).kinds
    assert set(held.tolist()) == {1, 2}, "never hidden where it is measured"
    unknown = clips(30, 30, labels=[-1, 0])
    assert sorted(ClipBatches(unknown, None, 2, 0).draw(0).kinds.tolist()) == [0, 1]
    assert ClipBatches(clips(30), None, 1, 0).draw(0).kinds.tolist() == [0]


def test_held_out_sounds_are_told_from_end_to_end_once():
    held = clips(200, 30)
    waves = list(ClipBatches(clips(50), held, 1, 0).held_out())
    counted = sum(float(wave.weight.sum()) for wave in waves)
    assert 230 <= counted <= 230 + 2 * held.tail
    places = torch.cat([wave.places[wave.weight > 0] for wave in waves if wave.size]).tolist()
    assert set(range(200)) <= set(map(int, places))


def test_what_is_shown_are_beginnings_always_the_same():
    batches = ClipBatches(clips(500, 30), clips(100, 200, 300), 2, 0)
    shown = batches.shown(2)
    assert shown.size == 2
    assert shown.starts.tolist() == [0, 0]
    assert torch.equal(shown.codes, batches.shown(2).codes)
    assert batches.held_count == 3


def test_the_trainer_is_told_how_much_there_is_and_how_to_feed():
    data = clips(10, 20)
    assert isinstance(data, Own)
    found = amount(data)
    assert (found.sounds, found.samples, found.pictures, found.tokens) == (2, 30, 0, 0)
    settings = TrainerSettings(batch=6, shards=2)
    made = feed(data, None, settings, 0, "cpu")
    assert (made.batch, made.size, made.count, made.held_count) == (6, 3, 2, 0)
    assert list(made.held_out()) == []


def test_no_sound_is_no_training():
    with pytest.raises(BadInput, match="no sound"):
        ClipBatches(clips(0), None, 1, 0)


def test_windows_may_lie_wholly_in_the_silence_behind_a_sound():
    rate = 1000  # a tenth of a second behind each sound: six windows
    data = Clips([np.full(40, 7, np.uint8)], rate=rate, window=16, reach=4)
    batches = ClipBatches(data, None, 4, 0)
    found = [batches.draw(number) for number in range(60)]
    starts = torch.cat([wave.starts for wave in found])
    behind = torch.cat([wave.codes for wave in found])[starts > 41]
    assert len(behind)
    assert (behind == SILENCE).all()

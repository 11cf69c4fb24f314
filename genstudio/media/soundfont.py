"""SoundFonts: which recording sounds for which note, and how. Samples are decoded when needed.

.sf2 (16-bit samples) and .sf3 (the same with samples in Ogg Vorbis, as MuseScore writes them).
Presets are looked up in the file when first asked for, so that a font of 500 MB opens at once.
Left out: modulators, both LFOs, the modulation envelope, 24-bit samples, stereo links (each half
of a pair is a recording of its own with its own pan, which sounds the same).
Source: "SoundFont Technical Specification 2.04" (E-mu, 2006), sections 5 to 9.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.core.paths import resources
from genstudio.media.kept import Kept
from genstudio.media.stand_ins import stand_ins

MAX_BYTES = 2 * 1024**3
MAX_ZONES = 4096
"""Of one preset: the largest banks have some hundred."""
MOST_LOOKED = 64
"""Instruments that are looked at when a font is chosen."""
SAMPLE_BYTES = 32 * 1024 * 1024
_MAX_FRAMES = 48_000 * 60
_DRUM_BANK = 128
_VORBIS = 0x10

_PRESET = np.dtype(
    [("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("rest", "V12")]
)
_BAG = np.dtype([("gen", "<u2"), ("mod", "<u2")])
_GEN = np.dtype([("oper", "<u2"), ("amount", "<i2")])
_INST = np.dtype([("name", "S20"), ("bag", "<u2")])
_SAMPLE = np.dtype(
    [("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop_start", "<u4"), ("loop_end", "<u4"),
     ("rate", "<u4"), ("root", "u1"), ("correction", "i1"), ("link", "<u2"), ("kind", "<u2")]
)  # fmt: skip
_TABLES = {b"phdr": _PRESET, b"pbag": _BAG, b"pgen": _GEN, b"inst": _INST, b"ibag": _BAG,
           b"igen": _GEN, b"shdr": _SAMPLE}  # fmt: skip

# Numbers of generators, section 8.1.2.
(_START, _END, _LOOP_START, _LOOP_END, _START_COARSE, _FILTER, _END_COARSE, _PAN) = (
    0, 1, 2, 3, 4, 8, 12, 17)  # fmt: skip
(_DELAY, _ATTACK, _HOLD, _DECAY, _SUSTAIN, _RELEASE, _KEY_HOLD, _KEY_DECAY) = range(33, 41)
(_INSTRUMENT, _KEYS, _VELOCITIES, _LOOP_START_COARSE, _KEY, _ATTENUATION, _LOOP_END_COARSE) = (
    41, 43, 44, 45, 46, 48, 50)  # fmt: skip
(_COARSE, _FINE, _SAMPLE_ID, _MODES, _SCALE, _EXCLUSIVE, _ROOT) = (51, 52, 53, 54, 56, 57, 58)
_DEFAULTS = {_FILTER: 13500, _SCALE: 100, _KEY: -1, _ROOT: -1} | dict.fromkeys(
    (_DELAY, _ATTACK, _HOLD, _DECAY, _RELEASE), -12000
)
# What a preset may not change but only an instrument says (section 8.5).
_INSTRUMENT_ONLY = {_START, _END, _LOOP_START, _LOOP_END, _START_COARSE, _END_COARSE, _MODES,
                    _LOOP_START_COARSE, _LOOP_END_COARSE, _KEY, _EXCLUSIVE, _ROOT}  # fmt: skip

Zone = dict[int, int]


@dataclass(frozen=True)
class Region:
    """One recording and how it sounds. Times in seconds, levels in decibels below full.

    `keys` and `velocities` are the first and last it is for; `root` is the key that it was
    recorded at and `tune` cents to add; `pan` from -1 (left) to 1; `filter` in hertz; `first`,
    `last`, `loop_first` and `loop_last` are frames of the recording; `fixed` a key that it always
    sounds at, or -1; notes of the same `exclusive` class (not 0) silence each other.
    """

    sample: int
    rate: int
    keys: tuple[int, int]
    velocities: tuple[int, int]
    root: int
    tune: float
    scale: float
    fixed: int
    looped: bool
    first: int
    last: int
    loop_first: int
    loop_last: int
    loss: float
    pan: float
    filter: float
    delay: float
    attack: float
    hold: float
    decay: float
    sustain: float
    release: float
    key_hold: float
    key_decay: float
    exclusive: int


class SoundFont:
    """An opened font. Safe to use from several threads."""

    def __init__(self, data: np.ndarray, name: str) -> None:
        """`data` are the bytes (n,) uint8 of the file. Raises BadInput."""
        self.name = name
        self._data = data
        self._samples, tables = _chunks(data, name)
        self._tables = tables
        self._lock = threading.Lock()
        self._regions: dict[tuple[int, int], tuple[Region, ...]] = {}
        self._decoded = Kept[np.ndarray](SAMPLE_BYTES, lambda wave: wave.nbytes)
        # The last row of every table is there only to end the one before it (section 7).
        self._places = {
            (int(row["bank"]), int(row["program"])): number
            for number, row in reversed(list(enumerate(tables[b"phdr"][:-1])))
        }
        if not self._places:
            raise BadInput(f"{name} holds no instruments; choose another SoundFont")

    def presets(self) -> tuple[tuple[int, int, str], ...]:
        """(bank, programme, name) of all instruments; drums are in bank 128."""
        rows = self._tables[b"phdr"]
        return tuple(
            (*place, bytes(rows[number]["name"]).split(b"\0")[0].decode("latin-1"))
            for place, number in sorted(self._places.items())
        )

    def nearest(self, program: int, drums: bool = False) -> tuple[int, int]:
        """(bank, programme) of the preset that plays `program`, by its likest relative."""
        if drums:
            kits = [place for place in sorted(self._places) if place[0] == _DRUM_BANK]
            same = [place for place in kits if place[1] == program]
            return (same or kits or [(_DRUM_BANK, 0)])[0]
        for wanted in stand_ins(program):
            if (0, wanted) in self._places:
                return 0, wanted
        melodic = [place for place in sorted(self._places) if place[0] != _DRUM_BANK]
        return melodic[0] if melodic else min(self._places)

    def regions(self, program: int, drums: bool = False) -> tuple[Region, ...]:
        """All that may sound for an instrument; () for drums in a font that has none."""
        place = self.nearest(program, drums)
        with self._lock:
            if place not in self._regions:
                number = self._places.get(place)
                self._regions[place] = () if number is None else self._read_preset(number)
            return self._regions[place]

    def sample(self, number: int) -> np.ndarray:
        """The recording as float32 (n,) from -1 to 1. Raises BadInput where it is damaged."""
        wave = self._decoded.get(number)
        if wave is None:
            wave = self._decode(self._tables[b"shdr"][number])
            self._decoded.put(number, wave)
        return wave

    def _decode(self, row: np.void) -> np.ndarray:
        start, end = int(row["start"]), int(row["end"])
        if not int(row["kind"]) & _VORBIS:
            place = slice(2 * start, 2 * min(end, start + _MAX_FRAMES))
            return self._samples[place].view("<i2").astype(np.float32) / 32768.0
        import soundfile

        try:
            with soundfile.SoundFile(io.BytesIO(self._samples[start:end].tobytes())) as handle:
                wave = handle.read(_MAX_FRAMES, dtype="float32", always_2d=True)[:, 0]
        except (soundfile.LibsndfileError, RuntimeError) as error:
            named = bytes(row["name"]).split(b"\0")[0].decode("latin-1")
            raise BadInput(
                f"{self.name}: its recording {named!r} is damaged; choose another SoundFont"
            ) from error
        return np.ascontiguousarray(wave)

    def _read_preset(self, number: int) -> tuple[Region, ...]:
        tables, found = self._tables, []
        presets, instruments = tables[b"phdr"], tables[b"inst"]
        for above in self._zones(presets, number, b"pbag", b"pgen", _INSTRUMENT):
            which = above[_INSTRUMENT]
            if not 0 <= which < len(instruments) - 1:
                continue
            for below in self._zones(instruments, which, b"ibag", b"igen", _SAMPLE_ID):
                region = self._region(above, below)
                if region is not None:
                    found.append(region)
                if len(found) >= MAX_ZONES:
                    return tuple(found)
        return tuple(found)

    def _zones(
        self, owners: np.ndarray, number: int, bag: bytes, gen: bytes, ends: int
    ) -> list[Zone]:
        """The zones of owner `number` that end with generator `ends`; a first one that does not
        holds what is true for all the others (section 7.7)."""
        bags, gens = self._tables[bag], self._tables[gen]
        first, last = int(owners[number]["bag"]), int(owners[number + 1]["bag"])
        common: Zone = {}
        zones = []
        for place in range(first, min(last, len(bags) - 1, first + MAX_ZONES)):
            rows = gens[int(bags[place]["gen"]) : int(bags[place + 1]["gen"])]
            zone = {int(oper): int(amount) for oper, amount in rows.tolist()}
            if ends in zone:
                zones.append(common | zone)
            elif place == first:
                common = zone
        return zones

    def _region(self, above: Zone, below: Zone) -> Region | None:
        """The sum of what preset and instrument say, or None where nothing can sound."""
        headers = self._tables[b"shdr"]
        keys = _shared(_range(above, _KEYS), _range(below, _KEYS))
        velocities = _shared(_range(above, _VELOCITIES), _range(below, _VELOCITIES))
        number = below[_SAMPLE_ID]
        if keys is None or velocities is None or not 0 <= number < len(headers) - 1:
            return None
        row = headers[number]
        values = _DEFAULTS | below
        for oper, amount in above.items():
            if oper not in _INSTRUMENT_ONLY:
                values[oper] = values.get(oper, 0) + amount

        def value(oper: int) -> int:
            return values.get(oper, 0)

        start, end = int(row["start"]), int(row["end"])
        packed = bool(int(row["kind"]) & _VORBIS)
        # Loops of packed samples are counted from their own start, others from the file's.
        base = 0 if packed else start
        length = _MAX_FRAMES if packed else end - start
        rate = int(row["rate"])
        if end <= start or not 400 <= rate <= 192_000:
            return None
        first = value(_START) + 32768 * value(_START_COARSE)
        last = length + value(_END) + 32768 * value(_END_COARSE)
        loop_first = int(row["loop_start"]) - base + value(_LOOP_START)
        loop_last = int(row["loop_end"]) - base + value(_LOOP_END)
        loop_first += 32768 * value(_LOOP_START_COARSE)
        loop_last += 32768 * value(_LOOP_END_COARSE)
        root = int(row["root"]) if int(row["root"]) < 128 else 60
        return Region(
            sample=number,
            rate=rate,
            keys=keys,
            velocities=velocities,
            root=value(_ROOT) if 0 <= value(_ROOT) < 128 else root,
            tune=value(_COARSE) * 100.0 + value(_FINE) + int(row["correction"]),
            scale=float(np.clip(value(_SCALE), 0, 1200)),
            fixed=value(_KEY) if 0 <= value(_KEY) < 128 else -1,
            looped=value(_MODES) & 1 == 1 and loop_last - loop_first >= 8 and loop_first >= 0,
            first=max(0, first),
            last=max(0, min(last, length)),
            loop_first=loop_first,
            loop_last=loop_last,
            # E-mu's own chips, which fonts are made for, take 0.4 of it; so do all other players.
            loss=0.04 * float(np.clip(value(_ATTENUATION), 0, 1440)),
            pan=float(np.clip(value(_PAN) / 500.0, -1, 1)),
            filter=_hertz(value(_FILTER)),
            delay=_seconds(value(_DELAY)),
            attack=_seconds(value(_ATTACK)),
            hold=_seconds(value(_HOLD)),
            decay=_seconds(value(_DECAY)),
            sustain=0.1 * float(np.clip(value(_SUSTAIN), 0, 1000)),
            release=_seconds(value(_RELEASE)),
            key_hold=float(np.clip(value(_KEY_HOLD), -1200, 1200)),
            key_decay=float(np.clip(value(_KEY_DECAY), -1200, 1200)),
            exclusive=value(_EXCLUSIVE),
        )


def open_font(path: Path | str) -> SoundFont:
    """A font of the user's; its samples stay on the disk. Raises BadInput."""
    path = Path(path)
    try:
        size = path.stat().st_size
        if not 0 < size <= MAX_BYTES:
            raise BadInput(f"{path.name} has {size} bytes, which no SoundFont has", file=path)
        return SoundFont(np.memmap(path, np.uint8, "r"), path.name)
    except OSError as error:
        raise BadInput(
            f"{path.name} cannot be read: {error.strerror or error}",
            file=path,
            next_step="Choose another SoundFont (.sf2 or .sf3).",
        ) from error


def open_whole(path: Path | str) -> SoundFont:
    """A font of the user's, its first instruments looked up and one recording of it heard, so that
    damage is told now and not while it plays. Raises BadInput."""
    font = open_font(path)
    name = Path(path).name
    try:
        regions = [
            region
            for bank, program, _ in font.presets()[:MOST_LOOKED]
            for region in font.regions(program, bank == _DRUM_BANK)
        ]
        heard = next((one for one in regions if len(font.sample(one.sample)) > 1), None)
    except (ValueError, IndexError, OverflowError) as error:
        raise BadInput(f"{name} is damaged: {error}. Get the file again", file=path) from error
    if heard is None:
        raise BadInput(f"{name} holds no recordings; choose another SoundFont", file=path)
    return font


@lru_cache(maxsize=1)
def default_font() -> SoundFont:
    """The font that ships with the program: 22 instruments of General MIDI and a drum kit."""
    return open_font(resources() / "soundfont" / "genstudio-gm-mini.sf3")


def _chunks(data: np.ndarray, name: str) -> tuple[np.ndarray, dict[bytes, np.ndarray]]:
    """(bytes of all samples, the tables of `_TABLES`)."""
    if data[:4].tobytes() != b"RIFF" or data[8:12].tobytes() != b"sfbk":
        raise BadInput(f"{name} is no SoundFont (.sf2 or .sf3)")
    samples, tables = None, {}
    for kind, body in _walk(data[12:]):
        if kind != b"LIST":
            continue
        for inner, part in _walk(body[4:]):
            if inner == b"smpl":
                samples = part
            elif inner in _TABLES:
                form = _TABLES[inner]
                tables[inner] = np.frombuffer(part.tobytes()[: len(part) // form.itemsize
                                              * form.itemsize], form)  # fmt: skip
    if samples is None or len(tables) < len(_TABLES) or not all(map(len, tables.values())):
        raise BadInput(f"{name} is damaged: it ends too early. Get the file again")
    return samples, tables


def _walk(data: np.ndarray) -> list[tuple[bytes, np.ndarray]]:
    """(kind, body) of the RIFF chunks that stand one behind the other."""
    place = 0
    found: list[tuple[bytes, np.ndarray]] = []
    while place + 8 <= len(data) and len(found) < 64:
        size = int.from_bytes(data[place + 4 : place + 8].tobytes(), "little")
        found.append((data[place : place + 4].tobytes(), data[place + 8 : place + 8 + size]))
        place += 8 + size + (size & 1)
    return found


def _range(zone: Zone, oper: int) -> tuple[int, int]:
    """First and last of a range, which is kept in the two bytes of the amount."""
    if oper not in zone:
        return 0, 127
    amount = zone[oper] & 0xFFFF
    return amount & 0xFF, amount >> 8


def _shared(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int] | None:
    first, last = max(one[0], two[0]), min(one[1], two[1])
    return (first, last) if first <= last else None


def _seconds(timecents: int) -> float:
    """Section 8.1.1: 1200 timecents are a factor of two, 0 is a second; at most 100 seconds."""
    return 0.0 if timecents <= -12000 else float(min(100.0, 2.0 ** (timecents / 1200.0)))


def _hertz(cents: int) -> float:
    """Absolute cents: 0 is 8.176 Hz; 13500 and more leave the sound as it is."""
    return 0.0 if cents >= 13500 else float(8.176 * 2.0 ** (max(cents, 1500) / 1200.0))

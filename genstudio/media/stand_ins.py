"""Which instrument of General MIDI plays for another that a SoundFont does not hold."""

from __future__ import annotations

# Where the nearest of the family would sound wrong: programme -> who plays it instead.
_LIKEST = {
    3: (0,), 7: (6,), 8: (9, 11), 9: (8, 11), 10: (11,), 12: (13, 11), 14: (11,), 15: (46, 24),
    41: (40,), 43: (42, 32), 44: (48,), 45: (46, 24), 47: (32, 46), 51: (48,), 55: (48,),
    58: (57, 56), 62: (61, 81), 63: (61, 81), 66: (65,), 67: (66, 65), 69: (68,), 70: (68, 71),
    79: (73,), 82: (80,), 83: (80,), 86: (81,), 87: (81,), 104: (24,), 105: (25, 24), 106: (24,),
    107: (46, 24), 108: (11,), 109: (68,), 110: (40,), 111: (68,), 112: (11,), 113: (13,),
    114: (11,), 115: (13,), 116: (32,), 117: (32,), 118: (32,),
}  # fmt: skip
# Family of eight -> programmes of another that come nearest.
_RELATIVES = {10: (81, 80), 11: (89, 48), 12: (89,), 13: (24,), 14: (11,), 15: (89,)}


def stand_ins(program: int) -> tuple[int, ...]:
    """Programmes that may play `program` (0 to 127), the likest first, at last a piano."""
    family = program // 8
    near = sorted(range(family * 8, family * 8 + 8), key=lambda other: abs(other - program))
    order = (program, *_LIKEST.get(program, ()), *near, *_RELATIVES.get(family, ()), 0)
    return tuple(dict.fromkeys(order))

"""Words that all models of text share: what can be asked of them, and how answers are told.

The tasks are declared here once; a family of text models offers those that it can do.
"""

from __future__ import annotations

TOKENS = "tokens"
"""Key in the data of text on its way: a list with one entry for each new token,
{"t": its text, "p": its probability from 0 to 1 before any setting of the sampling,
"top": [[text, probability], …]} with the likeliest others, best first."""
START, ENDED = "start", "ended"
"""Keys in the facts of finished text: where the model began to write, and why it stopped."""
MAX_TEXT = 1_000_000
"""Characters of a text that is handed to a model; it reads the end of it."""

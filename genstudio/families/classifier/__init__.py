"""A small image classifier: the judge of conditional samples and the extractor for distances."""

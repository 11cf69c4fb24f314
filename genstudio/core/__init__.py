"""The nouns: typed models that validate what they read. Standard library and pydantic only."""

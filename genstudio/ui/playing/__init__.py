"""Playing aloud: what plays, the engine that keeps it flowing, and where it goes."""

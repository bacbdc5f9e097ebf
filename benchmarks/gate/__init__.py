"""Does nothing leave that the rules forbid? A simulated year and its judge, written from RULES.md alone."""

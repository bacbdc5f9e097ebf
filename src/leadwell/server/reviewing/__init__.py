"""What the rules were unsure of, for a person to look at."""

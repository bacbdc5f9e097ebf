"""What may a condition say, does it make sense, and how is it run? An SQL predicate over facts, with three values."""

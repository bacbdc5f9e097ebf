"""The policies of an organisation: their versions, which one is in force, and since when."""

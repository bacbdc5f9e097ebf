"""What does each generated page of the documentation say? One module a page, each a pure function of the code."""

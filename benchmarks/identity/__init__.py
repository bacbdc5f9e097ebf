"""Is somebody known again as they arrive, how surely, and how soon?"""

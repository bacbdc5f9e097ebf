"""Whom do I call now, and why; who has it; and what is late? (promises D20, D21)"""

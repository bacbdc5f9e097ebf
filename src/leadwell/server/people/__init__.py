"""Somebody we know: who they are (sealed), and the blind tokens by which they are found again."""

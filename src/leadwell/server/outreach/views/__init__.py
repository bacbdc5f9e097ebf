"""The outbox, for whoever works here; the way out, for whoever was written to."""

"""A call that somebody here types in while the caller is on the line."""

"""The pages of what comes in: inbox, sources, upload of a list, ledger."""

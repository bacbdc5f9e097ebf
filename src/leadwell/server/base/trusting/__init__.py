"""PostgreSQL, as Django has it, asked less often whether it is still there."""

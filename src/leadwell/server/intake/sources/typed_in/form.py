"""Of calls that are typed in there is nothing to set: our own page sends them."""

from leadwell.server.intake.sources.typed import Settings


class Form(Settings):
    pass

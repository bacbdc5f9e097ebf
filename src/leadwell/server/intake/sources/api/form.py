"""Of the API there is nothing to set: a program posts under our names, with a key."""

from leadwell.server.intake.sources.typed import Settings


class Form(Settings):
    pass

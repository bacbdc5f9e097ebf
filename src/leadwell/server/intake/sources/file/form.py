"""What may be typed about lists that somebody uploads: what their headers mean."""

from leadwell.server.intake.sources.typed import Mapped


class Form(Mapped):
    pass

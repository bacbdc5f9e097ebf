"""What may be typed about a hospital's HL7 v2: a secret, where it sends one with each post."""

from typing import ClassVar

from leadwell.server.intake.sources.typed import Signed


class Form(Signed):
    unproven: ClassVar[str] = (
        "Over HTTP whoever knows the address is believed. With a secret, each post must bear it: Authorization: Bearer"
        " SECRET, or as the password of Basic. MLLP knows no secrets: there the network or a certificate must keep"
        " others out."
    )

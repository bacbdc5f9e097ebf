"""What may be typed about a lead form of Google Ads: its key, and what its questions mean."""

from __future__ import annotations

from typing import Any, ClassVar

from leadwell.server.intake.sources.typed import Mapped, Signed


class Form(Mapped, Signed):
    must_be_signed: ClassVar[bool] = True
    unproven: ClassVar[str] = "Until a key is typed here, whatever comes is refused and kept apart."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].label = "New key"
        self.fields["secret"].help_text = "The same as under “Key” of the form's webhook in Google Ads. It is sealed."
        self.fields["mapping"].label = "What their questions mean"
        self.fields["mapping"].help_text = (
            "One a line: their question = our column, as “What hurts? = message”. Without it a question is understood"
            " by its words, or carried along."
        )

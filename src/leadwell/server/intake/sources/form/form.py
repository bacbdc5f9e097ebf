"""What may be typed about a form on a website: what its fields mean, and what whoever sent it sees then."""

from django import forms

from leadwell.server.intake.sources.typed import Mapped


class Form(Mapped):
    thanks = forms.URLField(
        label="Page to show afterwards",
        required=False,
        assume_scheme="https",
        help_text="Where the browser goes after sending. Without it, we say thanks, in English or Spanish, with your"
        " name and whom to call in an emergency.",
    )
    trap = forms.CharField(
        label="Field that people do not see",
        required=False,
        max_length=100,
        help_text="Whoever fills it in is a program, and the lead says so.",
    )

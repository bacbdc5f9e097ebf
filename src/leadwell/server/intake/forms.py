"""What may be typed to open a source, try a sample, upload a list? How a source is set: `sources/typed.py`."""

from __future__ import annotations

from django import forms

from leadwell.server.intake.sources import KINDS
from leadwell.server.intake.sources.typed import LONGEST


class NewSource(forms.Form):
    name = forms.CharField(label="What you call it", max_length=100)
    kind = forms.ChoiceField(
        label="What sends it",
        choices=[(kind, one.offered) for kind, one in KINDS.items() if one.offered],
        widget=forms.RadioSelect,
        initial="webhook",
    )


class Sample(forms.Form):
    sample = forms.CharField(label="A sample of what it sends", widget=forms.Textarea({"rows": 8}), max_length=LONGEST)


class List(forms.Form):
    file = forms.FileField(label="The list", widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx,.jsonl,.parquet"}))

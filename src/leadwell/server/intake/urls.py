"""Inbox, sources, lists and the ledger."""

from django.urls import path

from leadwell.server.intake.views import inbox

urlpatterns = [
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/replay", inbox.replay_all, name="replay_all"),
    path("inbox/<uuid:number>", inbox.submission, name="submission"),
    path("inbox/<uuid:number>/mend", inbox.mend, name="mend"),
    path("inbox/<uuid:number>/replay", inbox.replay, name="replay"),
]

"""Inbox, sources, lists and the ledger."""

from django.urls import path

from leadwell.server.intake import parting
from leadwell.server.intake.views import inbox, ledger, mending, sources, submission, upload

urlpatterns = [
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/replay", mending.replay_all, name="replay_all"),
    path("inbox/<uuid:number>", submission.submission, name="submission"),
    path("inbox/<uuid:number>/mend", mending.mend, name="mend"),
    path("inbox/<uuid:number>/replay", mending.replay, name="replay"),
    path("inbox/<uuid:number>/fields", mending.mean, name="mean"),
    path("inbox/<uuid:number>/no-lead", mending.no_lead, name="no_lead"),
    path("inbox/<uuid:number>/take-back", mending.take_back, name="take_back"),
    path("sources", sources.all_sources, name="sources"),
    path("sources/new", sources.new_source, name="new_source"),
    path("sources/<int:number>", sources.source, name="source"),
    path("sources/<int:number>/change", sources.change, name="change_source"),
    path("sources/<int:number>/try", sources.try_sample, name="try_source"),
    path("sources/<int:number>/close", sources.close_source, name="close_source"),
    path("sources/upload", upload.upload, name="upload"),
    path("sources/upload/<uuid:number>", upload.look, name="look"),
    path("sources/upload/<uuid:number>/withdraw", upload.withdraw, name="withdraw"),
    path("leads/<uuid:number>/part", parting.part_lead, name="part_lead"),
    path("ledger", ledger.ledger, name="ledger"),
]

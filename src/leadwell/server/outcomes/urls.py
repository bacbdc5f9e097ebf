"""What became of leads."""

from django.urls import path

from leadwell.server.outcomes import views

urlpatterns = [
    path("leads/<uuid:number>/outcome", views.note_outcome, name="note_outcome"),
    path("leads/<uuid:number>/outcome/back", views.take_back_outcome, name="take_back_outcome"),
    path("leads/<uuid:number>/outcome/correct", views.correct_outcome, name="correct_outcome"),
]

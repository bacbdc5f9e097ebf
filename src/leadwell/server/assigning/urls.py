"""Who is in, and what they have."""

from django.urls import path

from leadwell.server.assigning import nobody, views

urlpatterns = [
    path("team", views.team, name="team"),
    path("team/nobody", nobody.waits_with_nobody, name="waits_with_nobody"),
    path("team/<int:number>", views.colleague, name="colleague"),
    path("team/<int:number>/away", views.set_away, name="set_away"),
    path("team/<int:number>/call-off", views.set_off, name="set_off"),
    path("team/<int:number>/back", views.set_back, name="set_back"),
    path("team/<int:number>/hand-over", views.hand_over, name="hand_over"),
]

"""Where and when somebody can be seen."""

from django.urls import path

from leadwell.server.openings import views

urlpatterns = [
    path("openings", views.openings, name="openings"),
    path("openings/say", views.say, name="say_opening"),
    path("leads/<uuid:number>/clinic", views.move_lead, name="move_lead"),
]

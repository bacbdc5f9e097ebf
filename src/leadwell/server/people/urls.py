"""People whom we know."""

from django.urls import path

from leadwell.server.people import views

urlpatterns = [
    path("persons/<uuid:number>", views.person, name="person"),
    path("persons/<uuid:number>/export", views.export_person, name="export_person"),
    path("persons/<uuid:number>/erase", views.erase_person, name="erase_person"),
    path("persons/<uuid:number>/emergency", views.emergency, name="emergency"),
    path("emergency/close", views.close_emergency, name="close_emergency"),
]

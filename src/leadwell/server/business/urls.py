"""Organisations: who decides there, and when we meet."""

from django.urls import path

from leadwell.server.business import views

urlpatterns = [
    path("leads/<uuid:number>/colleague", views.colleague_page, name="name_colleague"),
    path("leads/<uuid:number>/colleague/call", views.call_colleague, name="call_colleague"),
    path("leads/<uuid:number>/colleague/back", views.take_back_colleague, name="take_back_colleague"),
    path("leads/<uuid:number>/meeting", views.meeting_page, name="agree_meeting"),
    path("leads/<uuid:number>/meeting/result", views.tell_meeting, name="tell_meeting"),
    path("leads/<uuid:number>/meeting/back", views.take_back_meeting, name="take_back_meeting"),
    path("leads/<uuid:number>/meeting.ics", views.meeting_file, name="meeting_file"),
]

"""Calls."""

from django.urls import path

from leadwell.server.calls import views

urlpatterns = [
    path("leads/<uuid:number>/call", views.call, name="call"),
    path("leads/<uuid:number>/call/begin", views.begin_call, name="begin_call"),
    path("leads/<uuid:number>/call/end", views.end_call, name="end_call"),
    path("leads/<uuid:number>/call/answer", views.answer, name="answer_question"),
    path("leads/<uuid:number>/call/try", views.try_answer, name="try_answer"),
    path("leads/<uuid:number>/call/never", views.never, name="never_called"),
    path("leads/<uuid:number>/call/back", views.take_back_call, name="take_back_call"),
    path("leads/<uuid:number>/call/correct", views.correct_call, name="correct_call"),
]

"""The worklist."""

from django.urls import path

from leadwell.server.worklist import views

urlpatterns = [
    path("worklist", views.worklist, name="worklist"),
    path("worklist/next", views.take_next, name="take_next"),
    path("worklist/<uuid:number>/take", views.take, name="take_lead"),
    path("worklist/<uuid:number>/give-back", views.give_back, name="give_back_lead"),
    path("worklist/<uuid:number>/answered", views.answer, name="answer_lead"),
]

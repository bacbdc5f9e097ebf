"""Review."""

from django.urls import path

from leadwell.server.reviewing import views

urlpatterns = [
    path("review", views.review, name="review"),
    path("review/<uuid:number>/acknowledge", views.acknowledge, name="acknowledge"),
    path("review/<uuid:number>/settle", views.settle_conflict, name="settle_conflict"),
    path("review/<uuid:number>/recover", views.recover_lead, name="recover_lead"),
    path("review/<uuid:number>/aside", views.put_aside, name="put_aside"),
    path("review/pairs/<uuid:number>", views.decide_pair, name="decide_pair"),
    path("review/pairs/<uuid:number>/again", views.reopen_pair, name="reopen_pair"),
]

"""Permissions and stops."""

from django.urls import path

from leadwell.server.consent import joining, listing, reviewing, views

urlpatterns = [
    path("persons/<uuid:number>/consent", views.consent, name="consent"),
    path("persons/<uuid:number>/consent/give", views.give_consent, name="give_consent"),
    path("persons/<uuid:number>/consent/withdraw", views.withdraw_consent, name="withdraw_consent"),
    path("persons/<uuid:number>/consent/doubt", views.decide_doubt, name="decide_doubt"),
    path("persons/<uuid:number>/consent/look-up", views.look_up_number, name="look_up_number"),
    path("persons/<uuid:number>/stop", views.stop_person, name="stop_person"),
    path("persons/<uuid:number>/same", joining.same_person, name="same_person"),
    path("persons/<uuid:number>/same/link", joining.link_person, name="link_person"),
    path("persons/doubts", reviewing.doubts, name="doubts"),
    path("persons/<uuid:number>/same/say", reviewing.say_what_they_are, name="say_what_they_are"),
    path("persons/<uuid:number>/same/undo", joining.undo_link, name="undo_link"),
    path("stops", listing.lists, name="stop_lists"),
    path("stops/<uuid:number>", listing.one, name="stop_list"),
]

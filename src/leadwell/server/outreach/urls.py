"""The outbox, and the way out of mail."""

from django.urls import path

from leadwell.server.outreach.views import outbox, unsubscribe

urlpatterns = [
    path("outbox", outbox.outbox, name="outbox"),
    path("outbox/<uuid:number>", outbox.message, name="message"),
    path("outbox/<uuid:number>/retry", outbox.retry, name="retry_message"),
    path("outbox/<uuid:number>/reopen", outbox.reopen, name="reopen_address"),
    path("outbox/<uuid:number>/drop", outbox.drop, name="drop_message"),
    path("unsubscribe/<str:token>", unsubscribe.unsubscribe, name="unsubscribe"),
]

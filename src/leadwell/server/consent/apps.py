from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "leadwell.server.consent"
    label = "consent"

from django.apps import AppConfig


class OpeningsConfig(AppConfig):
    name = "leadwell.server.openings"
    label = "openings"

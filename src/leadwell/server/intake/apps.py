from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "leadwell.server.intake"
    label = "intake"

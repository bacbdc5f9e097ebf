from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "leadwell.server.outcomes"
    label = "outcomes"

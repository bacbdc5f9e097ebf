from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "leadwell.server.teams"
    label = "teams"

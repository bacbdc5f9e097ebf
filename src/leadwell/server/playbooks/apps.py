from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    name = "leadwell.server.playbooks"
    label = "playbooks"

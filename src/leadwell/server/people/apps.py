from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "leadwell.server.people"
    label = "people"

from django.apps import AppConfig


class TypedInConfig(AppConfig):
    name = "leadwell.server.typed_in"
    label = "typed_in"

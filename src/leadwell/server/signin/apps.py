from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "leadwell.server.signin"
    label = "signin"

    def ready(self) -> None:
        from leadwell.server.signin import happened  # noqa: PLC0415  models are there only now

        happened.listen()

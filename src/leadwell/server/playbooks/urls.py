"""The playbook."""

from django.urls import path

from leadwell.server.playbooks import views

urlpatterns = [
    path("playbook", views.playbook, name="playbook"),
    path("playbook/upload", views.upload, name="upload_playbook"),
    path("playbook/<int:number>", views.version, name="playbook_version"),
    path("playbook/<int:number>/file", views.file, name="playbook_file"),
    path("playbook/<int:number>/publish", views.publish, name="publish_playbook"),
]

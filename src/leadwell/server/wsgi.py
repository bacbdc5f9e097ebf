"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from leadwell.server.base.parents import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadwell.server.settings")
end_with_parent()  # a process that serves must not go on, with code of yesterday, where its starter was killed
application = get_wsgi_application()

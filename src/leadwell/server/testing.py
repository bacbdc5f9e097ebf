"""Settings under which the tests run: a data folder of their own, quick password hashes, no hashed file names.

LEADWELL_TEST_DATABASE_URL runs them on PostgreSQL.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

os.environ["LEADWELL_HOME"] = tempfile.mkdtemp(prefix="leadwell-test-")
atexit.register(shutil.rmtree, os.environ["LEADWELL_HOME"], ignore_errors=True)
os.environ["LEADWELL_DATABASE_URL"] = os.environ.get("LEADWELL_TEST_DATABASE_URL", "")

from leadwell.server.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["testserver", "localhost"]

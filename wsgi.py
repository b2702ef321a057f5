"""The application for any WSGI server: `gunicorn wsgi:app`."""

import os

from training.app import create_app
from training.config import Config

app = create_app(Config.from_env(os.environ))

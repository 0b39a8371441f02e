"""The app for any WSGI server: `wsgi:app`."""

from clinic import create_app

app = create_app()

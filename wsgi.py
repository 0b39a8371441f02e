"""The app for any WSGI server, `wsgi:app`; as we ship it, for an ASGI server, `wsgi:front`."""

import gc
import sys

from clinic import create_app
from clinic.config import ConfigError
from clinic.fields import longest_body
from clinic.front import WholeRequests
from clinic.key_ring import KeyRingError

try:
    app = create_app()
except (ConfigError, KeyRingError) as refusal:
    # One line that says what to set, and no trace of what was set.
    sys.exit(str(refusal))

# What the app is made of stays for good: no sweep of the garbage collector need look at it.
gc.collect()
gc.freeze()
# A request makes thousands of objects and leaves hardly a cycle behind: swept every few requests,
# not several times in each.
gc.set_threshold(50_000, 10, 10)

front = WholeRequests(
    app,
    longest=app.config["MAX_CONTENT_LENGTH"],
    longest_of=longest_body(app),
    demo=bool(app.config["DEMO"]),
)

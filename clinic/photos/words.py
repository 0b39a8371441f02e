"""Words for views, purposes and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from clinic.photos.rules import Purpose, Refusal, View

VIEWS: Mapping[View, str] = {
    View.REST: _l("Face at rest"),
    View.FROWN: _l("Frown"),
    View.BROWS_RAISED: _l("Brows raised"),
    View.SMILE: _l("Smile"),
    View.PROFILE_RIGHT: _l("Your right side"),
    View.PROFILE_LEFT: _l("Your left side"),
}
FOR_STAFF: Mapping[View, str] = {
    View.REST: _l("Rest"),
    View.FROWN: _l("Frown"),
    View.BROWS_RAISED: _l("Brows raised"),
    View.SMILE: _l("Smile"),
    View.PROFILE_RIGHT: _l("Right profile"),
    View.PROFILE_LEFT: _l("Left profile"),
}
HOW: Mapping[View, str] = {
    View.REST: _l("Look straight ahead. Let your face go loose."),
    View.FROWN: _l("Pull your brows together and down."),
    View.BROWS_RAISED: _l("Lift your brows as high as you can."),
    View.SMILE: _l("Smile so that your eyes narrow."),
    View.PROFILE_RIGHT: _l("Turn until only your right ear shows."),
    View.PROFILE_LEFT: _l("Turn until only your left ear shows."),
}
# Said by the patient, so in the patient's voice; and what each is called afterwards.
PURPOSES: Mapping[Purpose, str] = {
    Purpose.ASSESSMENT: _l(
        "My physician may look at them to assess me. Without this tick we take no photos."
    ),
    Purpose.RECORD: _l(
        "The clinic may keep them in my medical record, so that we can compare later. Without this"
        " tick they are erased once my physician has decided."
    ),
    Purpose.TEACHING: _l(
        "The clinic may show them to its own staff for teaching, for as long as it keeps them."
    ),
}
PURPOSE_NAMES: Mapping[Purpose, str] = {
    Purpose.ASSESSMENT: _l("Your physician looks at them to assess you"),
    Purpose.RECORD: _l("We keep them in your medical record"),
    Purpose.TEACHING: _l("Our own staff learn from them"),
}
REFUSALS: Mapping[Refusal, str] = {
    Refusal.EMPTY: _l("This file is empty. Take the photo again."),
    Refusal.TOO_LARGE: _l("This photo has more than 10 MB. Take it with the front camera."),
    Refusal.HEIC: _l(
        "This is an HEIC photo, which we can’t read. On an iPhone open Settings, Camera, Formats,"
        " choose “Most Compatible” and take the photo again; it is a JPEG then."
    ),
    Refusal.NO_PHOTO: _l("This is no JPEG, PNG or WebP photo. Take a photo with your camera."),
    Refusal.MOVING: _l("This picture moves. Choose a photo that stands still."),
    Refusal.TOO_MANY_PIXELS: _l(
        "This photo has more than 24 megapixels. Take it with the front camera, or set the camera"
        " to a smaller size."
    ),
    Refusal.TOO_SMALL: _l("This photo is too small to show anything. Choose a larger one."),
    Refusal.BROKEN: _l("This photo did not arrive whole, or is broken. Take it again."),
    Refusal.TOO_HARD: _l("We could not read this photo. Take it again with your camera."),
    Refusal.TOO_MANY: _l("This form has 8 photos, and can’t take more."),
    Refusal.NO_ROOM: _l("Your photos take up all the room we have for them, 50 MB."),
}

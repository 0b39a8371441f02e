"""What `_("...")` in a template gives: the text in the reader's language, found quickly.

A long page says the same dozen texts a thousand times. The library looks for the catalogue anew
each time, which was a third of such a page; here each text is translated once for a language and
kept. Texts are those that templates hold, so there is an end to them. Those without variables are
translated when a template is compiled, and stand in it from then on: each language has templates of
its own (`templates_here`, which `clinic.pages` keeps them in).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from flask import Flask, g
from flask_babel import get_locale, get_translations
from jinja2 import Template, nodes, pass_eval_context
from jinja2.runtime import Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

NAMES = frozenset({"_", "gettext"})


@dataclass
class _Texts:
    """Texts of one language, and the templates in which they stand."""

    translated: dict[str, str] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)


_texts: defaultdict[Locale | None, _Texts] = defaultdict(_Texts)
_last: tuple[Locale | None, _Texts] = (None, _Texts())


def _here() -> _Texts:
    """Those of the reader's language."""
    global _last
    locale, last = get_locale(), _last
    if locale is None or locale is not last[0]:  # a request has one of its own, slow to compare
        _last = last = locale, _texts[locale]
    return last[1]


def text_of(text: str) -> str:
    """*text* in the reader's language."""
    known = _here().translated
    found = known.get(text)
    if found is None:
        found = known[text] = get_translations().ugettext(text)
    return found


def templates_here() -> dict[str, Template]:
    """The compiled templates of the reader's language, by name."""
    return _here().templates


@pass_eval_context
def translated(context: nodes.EvalContext, text: str, **variables: Any) -> str:
    """As the library's own: a percent sign is written twice, in a page variables are escaped."""
    found = text_of(text)
    # habit: unescaped, because the texts are our own templates', as the library has it
    return (Markup(found) if context.autoescape else found) % variables  # noqa: S704


class Translated(NodeTransformer):
    """Puts the text itself in the place of each `_("...")` without variables."""

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        call = self.generic_visit(call)  # type: ignore[assignment]
        names_a_text = isinstance(call.node, nodes.Name) and call.node.name in NAMES
        said = call.args[0] if names_a_text and len(call.args) == 1 else None
        has_more = call.kwargs or call.dyn_args or call.dyn_kwargs
        if has_more or not isinstance(said, nodes.Const) or not isinstance(said.value, str):
            return call
        shown = text_of(said.value) % {}
        return nodes.MarkSafeIfAutoescape(nodes.Const(shown, lineno=call.lineno))


def again(macro: Callable[..., str], *values: Hashable) -> str:
    """What *macro* draws of *values*, drawn once for a page: for the chips of a long list.

    Only for macros that draw the same of the same values.
    """
    if "drawn" not in g:
        g.drawn = {}
    drawn: dict[Hashable, str] = g.drawn
    key = (macro, values)
    if key not in drawn:
        drawn[key] = macro(*values)
    return drawn[key]


MOST_KEPT = 4096
_drawings: defaultdict[Hashable, dict[Hashable, str]] = defaultdict(dict)


def kept_drawing(macro: Macro, *same: Hashable, most: int = MOST_KEPT) -> Callable[[Hashable], str]:
    """Draws parts of a long page that seldom change, each once however often it is shown.

    What is given back draws *macro* of one value (a line, or a tuple of lines) and of what is the
    *same* for all of them; *most* are kept. Only for an imported macro that shows nothing else: no
    token or key of a form, for these are others each time.
    """
    kept = _drawings[macro.name, get_locale(), same]

    def draw(value: Hashable) -> str:
        found = kept.get(value)
        if found is None:
            if len(kept) >= most:
                kept.clear()
            found = kept[value] = macro(value, *same)
        return found

    return draw


def init_app(app: Flask) -> None:
    """In place of the library's own, which must be there before."""
    app.jinja_env.globals.update(
        {"_": translated, "gettext": translated, "again": again, "kept_drawing": kept_drawing}
    )

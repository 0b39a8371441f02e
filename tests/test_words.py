"""Every text that a person reads goes through gettext; templates and forms alike."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from clinic.config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted(
    (ROOT / "templates").rglob("*.txt")
)
MODULES = sorted(
    path
    for name in (
        *("forms.py", "views.py", "booking.py", "patient.py", "staff.py", "review.py"),
        *("moving.py", "undoing.py", "times.py"),
    )
    for path in (ROOT / "clinic").rglob(name)
)

JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.S)
TAG = re.compile(r"<!--.*?-->|<(?:\"[^\"]*\"|'[^']*'|[^>'\"])*>", re.S)
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Attributes that a person reads or hears.
READ = re.compile(r"\b(?:aria-label|alt|title|placeholder)=\"([^\"]*)\"")


def bare_words(template: str) -> list[str]:
    """Text of a template that stands outside gettext."""
    without = JINJA.sub(" ", template)
    attributes = [text for text in READ.findall(without) if LETTERS.search(text)]
    between = TAG.sub(" ", without).replace("&amp;", " ")
    return attributes + [line.strip() for line in between.splitlines() if LETTERS.search(line)]


def shown(node: nodes.Node | None) -> list[str]:
    """Literal texts that an expression puts on the page; a call's result is not literal."""
    if isinstance(node, nodes.Const):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, nodes.CondExpr):
        return shown(node.expr1) + shown(node.expr2)
    if isinstance(node, nodes.Filter):
        return shown(node.node)
    if isinstance(node, nodes.Or | nodes.And | nodes.Add):
        return shown(node.left) + shown(node.right)
    if isinstance(node, nodes.Concat):
        return [text for part in node.nodes for text in shown(part)]
    return []


def literal_sentences(template: str) -> list[str]:
    """Texts of {{ }} that look like words for a reader: a capital first, or several words."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(template)
    found = [
        text
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
        for text in shown(part)
    ]
    return [t for t in found if LETTERS.search(t) and (t[0].isupper() or " " in t.strip())]


@pytest.mark.parametrize("path", TEMPLATES, ids=[p.name for p in TEMPLATES])
def test_no_template_has_text_outside_gettext(path: Path):
    text = path.read_text()

    assert bare_words(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=[p.name for p in TEMPLATES])
def test_no_template_shows_a_sentence_without_gettext(path: Path):
    assert literal_sentences(path.read_text()) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<a aria-label="Close it" href="x">{{ _("x") }}</a>', ["Close it"]),
        ("<p>{{ _('Hello') }}</p>", []),
        ("{# a comment #}<p>{% if x %}{{ y }}{% endif %}</p>", []),
    ],
)
def test_the_search_finds_bare_text_and_nothing_else(template: str, found: list[str]):
    assert bare_words(template) == found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("{{ 'Sign in' if x else _('Sign out') }}", ["Sign in"]),
        ("{{ x or 'Nobody' }}", ["Nobody"]),
        ("<p class='{{ \"bad\" if x }}'>{{ _('A sentence here') }}</p>", []),
    ],
)
def test_the_search_finds_literal_sentences_and_nothing_else(template: str, found: list[str]):
    assert literal_sentences(template) == found


def _plain_sentences(path: Path) -> list[str]:
    """Strings with a space and a letter that a form or view would show without gettext."""
    tree = ast.parse(path.read_text())
    wrapped = {
        id(arg)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "_l", "ngettext", "gettext")
        for arg in ast.walk(node)
    }
    shown_by = ("flash", "ValidationError", "StopValidation", "Required", "Email", "Length")
    return [
        arg.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in shown_by
        for arg in ast.walk(node)
        if isinstance(arg, ast.Constant)
        and isinstance(arg.value, str)
        and " " in arg.value
        and id(arg) not in wrapped
    ]


@pytest.mark.parametrize("path", MODULES, ids=[str(p.relative_to(ROOT)) for p in MODULES])
def test_no_message_of_a_form_or_view_is_outside_gettext(path: Path):
    assert _plain_sentences(path) == []

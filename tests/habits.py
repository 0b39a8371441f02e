"""Our own habits, held as rules: each line that breaks one is mended or argued for in place.

An argument is a comment on the line or on the line above it, `habit: NAME, because ...`; one that
no rule needs any more is a finding too. `python -m tests.habits` prints what it finds.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clinic.config import ROOT

ARGUMENT = re.compile(r"habit: ([a-z-]+), because \S")
Found = Callable[[str], Iterator[int]]  # the numbers of the lines of a text that break a rule


@dataclass(frozen=True)
class Rule:
    """*bad* is a line that the rule must catch; *besides* are files that may."""

    name: str
    instead: str
    found: Found
    bad: str
    kind: str = ".py"
    besides: tuple[str, ...] = ()


def calls(*names: str) -> Found:
    """Calls of these dotted names; ".name" is a method of anything."""

    def found(text: str) -> Iterator[int]:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                method = f".{called.rpartition('.')[2]}"
                library = called == "_datastore.commit"  # ours beneath: it opens a transaction()
                if called in names or ("." in called and method in names and not library):
                    yield node.lineno

    return found


def servers_own_zone(text: str) -> Iterator[int]:
    """An instant turned into the wall time of whatever zone the server stands in."""
    lonely = {"astimezone": 0, "fromtimestamp": 1}  # with as few arguments they ask the server
    always = {"time.localtime", "time.mktime", "time.ctime", "time.strftime"}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            few = lonely.get(called.rpartition(".")[2])
            given = len(node.args) + len(node.keywords)
            if called in always or (few is not None and given <= few):
                yield node.lineno


def imports(*names: str) -> Found:
    def found(text: str) -> Iterator[int]:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                named = {node.module}
            else:
                named = {a.name for a in node.names} if isinstance(node, ast.Import) else set()
            if named & {*names}:
                yield node.lineno

    return found


def words(pattern: str) -> Found:
    compiled = re.compile(pattern, re.IGNORECASE)

    def found(text: str) -> Iterator[int]:
        for number, line in enumerate(text.splitlines(), start=1):
            if compiled.search(line):
                yield number

    return found


def catches_everything(text: str) -> Iterator[int]:
    """Every error is caught, none raised again, and no comment on the line says why."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        kind = ast.unparse(node.type) if node.type else "BaseException"
        raises = any(isinstance(part, ast.Raise) and part.exc is None for part in node.body)
        says_why = "#" in lines[node.lineno - 1]
        if kind in ("Exception", "BaseException") and not raises and not says_why:
            yield node.lineno


def in_a_shell(text: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            by_shell = any(
                k.arg == "shell" and ast.unparse(k.value) != "False" for k in node.keywords
            )
            if by_shell or ast.unparse(node.func) in ("os.system", "os.popen"):
                yield node.lineno


RULES = (
    Rule(
        "raw-sql",
        "write the query with SQLAlchemy's own words",
        calls("text", "sa.text", "db.text", "sqlalchemy.text", ".exec_driver_sql"),
        "db.session.execute(text('SELECT 1'))",
        besides=(
            "clinic/database.py",
            "clinic/engines.py",
            "clinic/guards/",
            "clinic/proof/",
            "clinic/migrations/",
            "clinic/idempotency.py",
        ),
    ),
    Rule(
        "second-clock",
        "ask clinic.clock",
        calls(
            *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"),
            *("datetime.datetime.now", "datetime.date.today", "dt.datetime.now"),
        ),
        "moment = datetime.now(UTC)",
        besides=("clinic/clock.py",),
    ),
    Rule(
        "server-zone",
        "say which zone: a site has one, the server's own counts for nothing",
        servers_own_zone,
        "shown = moment.astimezone()",
    ),
    Rule(
        "own-commit",
        "change rows inside transaction()",
        calls(".commit"),
        "db.session.commit()",
        besides=("clinic/database.py",),
    ),
    Rule("printed", "use click.echo in a command, the log elsewhere", calls("print"), "print(1)"),
    Rule(
        "catches-everything",
        "name the errors, raise again, or say in a comment on the line why all are caught",
        catches_everything,
        "try:\n    pass\nexcept Exception:\n    pass",
    ),
    Rule(
        "runs-text",
        "write what is to be run as code",
        calls("eval", "exec", "compile", "yaml.load", "render_template_string", ".from_string"),
        "render_template_string(words)",
    ),
    Rule(
        "unpacks-objects",
        "store JSON",
        imports("pickle", "marshal", "shelve", "dill"),
        "import pickle",
    ),
    Rule(
        "guessable",
        "use the module secrets",
        imports("random"),
        "from random import choice",
    ),
    Rule("shell", "give the command as a list", in_a_shell, "subprocess.run('ls', shell=True)"),
    Rule(
        "query-as-form",
        "read request.form: a link must never fill a form in (S8)",
        words(r"\brequest\.values\b"),
        "name = request.values['name']",
        besides=("clinic/accounts/signin.py",),  # "next" comes in either; only a path passes
    ),
    Rule("unescaped", "let Jinja escape it", calls("Markup", "markupsafe.Markup"), "Markup(name)"),
    Rule(
        "unescaped",
        "let Jinja escape it",
        words(r"\|\s*safe\b|autoescape\s+false"),
        "{{ name | safe }}",
        kind=".html",
    ),
    Rule(
        "inline",
        "put it in a stylesheet or a script of its own: the policy forbids it",
        words(r"<[a-z][^>]*\s(style|on[a-z]+)\s*=|<style|<script(?![^>]*\ssrc=)|javascript:"),
        '<p onclick="go()">',
        kind=".html",
    ),
    Rule(
        "text-as-markup",
        "set textContent, or clone a template of the page",
        words(r"\b(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function"),
        "box.innerHTML = name",
        kind=".js",
    ),
)
PLACES = {".py": "clinic", ".html": "templates", ".js": "static/js"}


def broken(text: str, path: str) -> list[str]:
    """What a file's text breaks without an argument, and arguments that nothing needs."""
    lines = text.splitlines()
    argued = {
        number: found[1] for number, line in enumerate(lines, 1) if (found := ARGUMENT.search(line))
    }
    said, used = [], set()
    for rule in RULES:
        if not path.endswith(rule.kind) or path.startswith(rule.besides):
            continue
        for number in rule.found(text):
            place = next((n for n in (number, number - 1) if argued.get(n) == rule.name), None)
            if place is None:
                said.append(f"{path}:{number}: {rule.name}: {rule.instead}")
            used.add(place)
    idle = sorted(argued.keys() - used)
    return said + [f"{path}:{n}: argues for {argued[n]}, which nothing there needs" for n in idle]


def everything() -> list[str]:
    files = [
        path for kind, place in PLACES.items() for path in sorted((ROOT / place).rglob(f"*{kind}"))
    ]
    return [
        line
        for path in [ROOT / "wsgi.py", *files]
        for line in broken(path.read_text(), str(path.relative_to(ROOT)))
    ]


def main() -> int:
    found = everything()
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Cal's consultation with Ana at eleven, both physicians' browsers, and files of cases."""

import pytest
from click.testing import CliRunner

from clinic.screening.commands import screening
from tests.factories import at, make_intake, make_visit
from tests.screening.page import address


@pytest.fixture
def consultation(cast, told):
    return told(lambda: make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11)))


@pytest.fixture
def ana(cast, signed_in):
    return signed_in(cast.ana_user)


@pytest.fixture
def eli(cast, signed_in):
    return signed_in(cast.eli_user)


@pytest.fixture
def page(cast, consultation, ana):
    """Opens the review after a form with these *answers*."""

    def open_it(**answers):
        make_intake(cast.cal, answers=answers)
        return ana.get(address(consultation))

    return open_it


@pytest.fixture
def evaluate(tmp_path):
    """Runs the command on a file with this *text*."""

    def run(text):
        file = tmp_path / "cases.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return CliRunner().invoke(screening, ["evaluate", str(file)])

    return run


@pytest.fixture
def refusal(evaluate):
    """The lines that say why a file with this *text* was refused."""

    def refuse(text):
        answer = evaluate(text)
        assert (answer.exit_code, answer.stdout) == (2, "")
        first, *problems = answer.stderr.splitlines()
        assert first == "Error: The file was refused:"
        return [problem.strip() for problem in problems]

    return refuse

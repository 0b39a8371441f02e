"""`flask public-pages`: what public pages may say, for a clinic that was made already."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from clinic.catalogue import profile, queries
from clinic.journey.clinic_file import CONTROL
from clinic.permissions import system

LONGEST = 300
YES_OR_NO = click.Choice(["yes", "no"])


@click.command("public-pages")
@click.option("--name-medicine", type=YES_OR_NO, help="May they say Botox?")
@click.option("--regulator", help="Whom to write to after a complaint; an empty text for nobody.")
@with_appcontext
def public_pages(name_medicine: str | None, regulator: str | None) -> None:
    """Change what public pages say, or print it when nothing is given."""
    wanted: dict[str, object] = {}
    if name_medicine is not None:
        wanted["names_brand"] = name_medicine == "yes"
    if regulator is not None:
        wanted["regulator"] = _one_line(regulator)
    try:
        profile.change(wanted, actor=system("command"))
        clinic = queries.site().clinic
    except queries.NoClinic as empty:
        raise click.ClickException("There is no clinic yet: flask create-clinic FILE.") from empty
    click.echo(f"The medicine is named: {'yes' if clinic.names_brand else 'no'}")
    click.echo(f"Regulator: {clinic.regulator or 'none'}")


def _one_line(text: str) -> str:
    tidy = text.strip()
    if len(tidy) > LONGEST or CONTROL.search(tidy):
        raise click.ClickException(f"Write one line of at most {LONGEST} characters.")
    return tidy

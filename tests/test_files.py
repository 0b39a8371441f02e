"""Static files travel compressed, from a copy that is made once for each state of the tree."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clinic.files import FOLDER, compressed, tree_hash

TEXTS = ["css/app.css", "js/page.js", "img/icons.svg"]
FONT = "vendor/figtree-5.3.0/figtree-latin-wght-normal.woff2"


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_travels_compressed_to_whoever_understands_that(app, name):
    address = app.jinja_env.globals["asset"](name)
    client = app.test_client()

    squeezed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address)

    assert gzip.decompress(squeezed.data) == plain.data == (FOLDER / name).read_bytes()
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers


def test_a_font_travels_as_it_is(app):
    address = app.jinja_env.globals["asset"](FONT)

    answer = app.test_client().get(address, headers={"Accept-Encoding": "gzip"})

    assert answer.data == (FOLDER / FONT).read_bytes()
    assert "Content-Encoding" not in answer.headers


def test_the_copy_is_the_tree_with_compressed_texts_beside(tmp_path):
    kept = compressed(FOLDER, tmp_path / "static" / "now")

    names = {str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file()}
    originals = {name for name in names if not name.endswith(".gz")}
    assert originals == {str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*") if p.is_file()}
    assert {f"{name}.gz" for name in TEXTS} <= names
    assert [path.name for path in kept.parent.iterdir()] == ["now"]


def test_processes_that_start_at_once_share_one_copy(tmp_path):
    kept = tmp_path / "static" / "now"

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _n: compressed(FOLDER, kept), range(4)))

    assert made == [kept] * 4
    assert [path.name for path in kept.parent.iterdir()] == ["now"]


def test_where_no_copy_can_be_made_files_are_served_as_they_are(tmp_path):
    in_the_way = tmp_path / "static"
    in_the_way.write_text("not a folder")

    assert compressed(FOLDER, in_the_way / "now") == FOLDER


def test_a_changed_file_has_a_new_address(tmp_path: Path):
    (tmp_path / "a.css").write_text("a{}")
    before = tree_hash(tmp_path)

    (tmp_path / "a.css").write_text("b{}")

    assert tree_hash(tmp_path) != before

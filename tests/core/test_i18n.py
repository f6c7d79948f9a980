"""The language in use: what is translated, what stays English, what is refused."""

import ast

import pytest

from lessons_lib.core import i18n
from lessons_lib.core.i18n import _


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of translations with one edition."""
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    (tmp_path / "pt.toml").write_text('"the kernel" = "o núcleo"\n"row {row}" = "linha {row}"\n', encoding="utf-8")
    return tmp_path


def test_a_text_is_translated_and_a_new_one_stays_english(folder):
    assert i18n.language() == "en" and _("the kernel") == "the kernel"
    i18n.use("pt")
    assert i18n.languages() == ["en", "pt"] and i18n.language() == "pt"
    assert _("the kernel") == "o núcleo" and _("row {row}").format(row=3) == "linha 3"
    assert _("a text without a translation") == "a text without a translation"
    i18n.use("en")
    assert _("the kernel") == "the kernel"


@pytest.mark.parametrize("language", ["xx", "", None, 3, "EN", ["en"]])
def test_an_unknown_language_is_named_with_the_ones_there_are(language, folder):
    with pytest.raises(ValueError, match="is not among en, pt; choose one of these") as error:
        i18n.use(language)
    assert repr(language) in str(error.value)


@pytest.mark.parametrize("content", [b'"the kernel" = ', b"\xff\xfe"])
def test_a_damaged_file_is_named_and_the_language_stays(content, folder):
    (folder / "pt.toml").write_bytes(content)
    with pytest.raises(ValueError, match=r"pt\.toml cannot be read as TOML .*get the file again"):
        i18n.use("pt")
    assert i18n.language() == "en"


def test_no_text_is_made_before_it_is_translated():
    """`_(f"...")` or `_("a" + b)` would never be found in a table of translations."""
    seen = 0
    for path in i18n.FOLDER.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                seen += 1
                given = node.args[0]
                # The words of docs/words.md are translated as they are read.
                fixed = isinstance(given, ast.Constant) or path.name in ("i18n.py", "words.py")
                assert fixed, f"{path.name}:{node.lineno}: give `_` one plain string"
    assert seen > 10

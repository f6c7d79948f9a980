"""Every visible word passes through `_`, so that an edition in another language has the same code cells.

A translation is one file, `locale/<language>.toml`: a table of `"English text" = "translated text"`.
A text without a translation stays in English.
"""

import tomllib
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "locale"

_in_use = {"language": "en", "texts": {}}


def languages():
    """The languages that can be used: English, and one for each file in `FOLDER`.

    >>> "en" in languages()
    True
    """
    return ["en", *sorted(path.stem for path in FOLDER.glob("*.toml"))]


def use(language):
    """Choose the language of every text from here on, one of `languages()`.

    >>> use("en")
    """
    if not isinstance(language, str) or language not in languages():
        raise ValueError(f"language {language!r} is not among {', '.join(languages())}; choose one of these")
    texts = {}
    if language != "en":
        path = FOLDER / f"{language}.toml"
        try:
            texts = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path.name} cannot be read as TOML ({error}); mend it or get the file again") from error
    _in_use.update(language=language, texts=texts)


def language():
    """The language in use, as `use` received it.

    >>> language()
    'en'
    """
    return _in_use["language"]


def _(text):
    """`text` in the language in use; English where it has no translation.

    >>> _("the kernel")
    'the kernel'
    """
    return _in_use["texts"].get(text, text)


def english(text):
    """The English text that `text` is the translation of; itself where it is none.

    >>> english("the kernel")
    'the kernel'
    """
    return next((original for original, own in _in_use["texts"].items() if own == text), text)

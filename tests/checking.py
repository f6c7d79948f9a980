"""What a check says of an untouched task, of wrong answers and of right ones."""

import contextlib
import io


def said(check, answer):
    """What a check says, whether it shows its verdict or returns it."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        returned = check(answer)
    return out.getvalue() or repr(returned)


def names_its_mistakes(check, mistakes, also_right=(), never=()):
    """Assert that a check is pending when untouched, names wrong answers in these words, and accepts the right ones.

    `never` are solutions that no sentence may hold.
    """
    assert said(check, ...).startswith("…")
    for answer, words in mistakes:
        sentence = said(check, answer).split("\n")[0]
        assert sentence.startswith("✗") and words in sentence, sentence
        assert not any(solution in sentence for solution in never), sentence
    for answer in also_right:
        assert said(check, answer).strip() == "✓ Right."

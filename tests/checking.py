"""What a check says of an untouched task, of wrong answers and of right ones."""

import contextlib
import io


def said(check, answer, *more):
    """What a check says, whether it shows its verdict or returns it; `more` is what it takes besides the answer."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        returned = check(answer, *more)
    return out.getvalue() or repr(returned)


def names_its_mistakes(check, mistakes, also_right=(), *more, never=()):
    """Assert that a check is pending when untouched, names wrong answers in these words, and accepts the right ones.

    `never` are solutions that no sentence may hold.
    """
    assert said(check, ..., *more).startswith("…")
    for answer, words in mistakes:
        sentence = said(check, answer, *more).split("\n")[0]
        assert sentence.startswith("✗") and words in sentence, sentence
        assert not any(solution in sentence for solution in never), sentence
    for answer in also_right:
        assert said(check, answer, *more).strip() == "✓ Right."

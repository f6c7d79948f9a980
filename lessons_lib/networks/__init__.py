"""Networks in Keras: one builder a file. The only place with TensorFlow, which is started here without its chatter."""

import os


def _start():
    """Import Keras, and TensorFlow under it, while what they write to stderr goes nowhere.

    They write from C++, past `sys.stderr`, so the file descriptor itself is turned away.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import keras
        import tensorflow
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
    return keras, tensorflow


_start()

"""Networks in Keras, their training, pretrained ones; the only place with TensorFlow.

Where TensorFlow is missing, importing this package says so in one sentence, which a notebook shows without a traceback.
"""

import os
import sys
import tempfile

# All are read once, when TensorFlow is loaded.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Convolutions by oneDNN, which TensorFlow itself chooses on newer processors only: LeNet learns in two thirds of the
# time on one of 2017.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ["KERAS_BACKEND"] = "tensorflow"


class NoTensorFlow(ImportError):  # noqa: N818 (it is the absence that is meant)
    """TensorFlow cannot be loaded here; a notebook shows the sentence alone.

    >>> NoTensorFlow("There is none.")._render_traceback_()
    ['There is none.']
    """

    def _render_traceback_(self):
        # IPython asks an exception for its own way to be shown.
        return [str(self)]


def load(import_it):
    """Call a function that loads TensorFlow, without the notes that TensorFlow writes past Python to stderr.

    >>> load(lambda: "loaded")
    'loaded'
    """
    with tempfile.TemporaryFile() as notes:
        sys.stderr.flush()
        kept = os.dup(2)
        os.dup2(notes.fileno(), 2)
        try:
            return import_it()
        except Exception as error:
            raise NoTensorFlow(_why(error)) from error
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _why(error):
    from lessons_lib.core.i18n import _

    missing = (getattr(error, "name", None) or "").split(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if missing in ("tensorflow", "keras"):
        text = _(
            "This part of the lesson needs TensorFlow, which is not installed here; run `pip install tensorflow` and "
            "restart the kernel (there is none yet for Python 3.14, Intel Macs and Windows on ARM). {without}"
        )
    else:
        text = _(
            "This part of the lesson needs TensorFlow, which is installed here but cannot be loaded ({reason}); run "
            "`pip install --force-reinstall tensorflow` and restart the kernel. {without}"
        )
    without = _("Lessons 1 to 5 do without it, and so do drawing digits in lesson 6 and naming photos in lesson 8.")
    reason = str(error).strip().splitlines()
    return text.format(reason=f"{type(error).__name__}: {reason[0] if reason else ''}", without=without)


def _tensorflow():
    # First: without it Keras would fail half loaded, anew for each cell.
    import tensorflow  # isort: skip
    import keras

    # The first number makes TensorFlow look at the machine; its notes about it would come in the middle of a lesson.
    tensorflow.constant(0)
    # A lesson calls many networks with batches of several sizes, of which TensorFlow would warn.
    tensorflow.get_logger().setLevel("ERROR")
    return keras


keras = load(_tensorflow)

# Only now is there a Keras to build with.
from lessons_lib.keras_models import as_table as as_table  # noqa: E402
from lessons_lib.keras_models import branching as branching  # noqa: E402
from lessons_lib.keras_models import classic as classic  # noqa: E402
from lessons_lib.keras_models import depth_experiment as depth_experiment  # noqa: E402
from lessons_lib.keras_models import efficientnet_lite as efficientnet_lite  # noqa: E402
from lessons_lib.keras_models import lenet as lenet  # noqa: E402
from lessons_lib.keras_models import pretrained as pretrained  # noqa: E402
from lessons_lib.keras_models import residual as residual  # noqa: E402
from lessons_lib.keras_models import training as training  # noqa: E402
from lessons_lib.keras_models import transfer as transfer  # noqa: E402

live = training.LiveTraining

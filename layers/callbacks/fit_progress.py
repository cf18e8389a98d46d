"""Progress of `fit`: a bar on a terminal, plain lines elsewhere."""

import sys

import keras
from tqdm import tqdm


class FitProgress(keras.callbacks.Callback):
    """Shows a bar over all epochs if standard error is a terminal, else a line per epoch.

    Args:
        label: str, shown first.
    """

    def __init__(self, label):
        super().__init__()
        self._label = label
        self._bar = None

    def on_train_begin(self, logs=None):
        """Opens the bar."""
        if sys.stderr.isatty():
            self._bar = tqdm(total=self.params["epochs"], desc=self._label, unit="epoch")

    def on_epoch_end(self, epoch, logs=None):
        """Updates the bar, or writes the epoch's line."""
        figures = {name: f"{value:.4f}" for name, value in (logs or {}).items()}
        if self._bar is not None:
            self._bar.n = epoch + 1
            self._bar.set_postfix(figures)
            return
        text = " ".join(f"{name} {value}" for name, value in figures.items())
        print(
            f"{self._label}: epoch {epoch + 1}/{self.params['epochs']} {text}",
            file=sys.stderr,
            flush=True,
        )

    def on_train_end(self, logs=None):
        """Closes the bar."""
        if self._bar is not None:
            self._bar.close()

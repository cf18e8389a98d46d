"""Bulk inference of forecasters: the next rate of each series."""

from pathlib import Path

import numpy as np

from rnnzoo.datasets.rates.csv_reader import read_rates
from rnnzoo.pipelines.core.predictor import Predictor, by_shape
from rnnzoo.rates.frequencies import check_regular, mismatch

LEVELS = (0.05, 0.5, 0.95)


class RatePredictor(Predictor):
    """The distribution of the rate after the last one of a file."""

    suffixes = (".csv",)

    def items(self, path, model):
        """The `Rates` of the file."""
        from rnnzoo.rates.forecaster import LEAST, checked

        rates = read_rates(path, **self.options)
        checked(rates, LEAST)
        check_regular(rates, path)
        return [(rates, mismatch(rates, self.card, Path(path).name))]

    def predict(self, items, model):
        """`date` of the next rate, `location`, `quantiles`; `note` on rates of another frequency
        than those of the training.
        """
        from rnnzoo.rates.next_rates import next_rates
        from rnnzoo.rates.paths import CONTEXT

        def predicted(group):
            return list(zip(*next_rates(model, np.stack(group), LEVELS), strict=True))

        histories = [rates.values[-CONTEXT:] for rates, _ in items]
        return [
            {
                "date": str(rates.frequency.after(rates.dates, 1)[0]),
                "location": location,
                "quantiles": dict(zip(LEVELS, quantiles, strict=True)),
                **({"note": note} if note else {}),
            }
            for (rates, note), (location, quantiles) in zip(
                items, by_shape(histories, predicted), strict=True
            )
        ]

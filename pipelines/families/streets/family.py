"""The family of path predictors: an example is a trip through a street graph."""

import numpy as np

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.streets.trips import Trips
from rnnzoo.pipelines.core.examples import Feature
from rnnzoo.pipelines.core.family import Anomaly, Family

LONGEST = 5  # a trip that many times as long as the longest of the training split is reported
SLACK = 1.01  # factor by which the loss may exceed that of the version pushed before


class StreetFamily(Family):
    """See `Family`; the dataset is a `rnnzoo.pipelines.families.streets.street_data.StreetData`."""

    kind = "city"
    unit = "nats per link"
    features = {"trip": Feature("string"), "links": Feature("int64", None)}
    ingest_keys = ("by",)
    evaluation_keys = ("must_beat",)

    # Data

    def own_data(self, recipe):
        """(name, sha256) of the recipe's city."""
        from rnnzoo.pipelines.families.streets.street_data import city_sha256

        return recipe["data"], city_sha256(recipe["data"])

    def user_data(self, path, recipe):
        """(name, sha256) of the city in a folder with `edges.csv` and `paths.csv`."""
        from rnnzoo.pipelines.families.streets.street_data import of_folder

        data = of_folder(path, recipe["by"])
        return data.name, data.sha256

    def source(self, recipe):
        """The URL and licence of the trips."""
        from rnnzoo.datasets.street_paths.load import source

        trips = source(recipe["data"])
        return {"url": trips.url, "licence": trips.licence}

    def examples(self, data, data_sha256, ingest):
        """A trip's name and the indices of its links."""
        from rnnzoo.pipelines.families.streets.street_data import stored

        parts = stored(data, data_sha256, ingest["by"]).trips
        return {
            split: (
                {"trip": name, "links": links}
                for name, links in zip(trips.names, trips, strict=True)
            )
            for split, trips in parts.items()
        }

    def columns(self, read):
        """`links`, the links of a trip; `link`, their indices; `repeated`, 0 or 1: whether the
        training split has the same trip too.
        """
        columns, trained = {}, set()
        for split in SPLITS:
            trips = [example["links"] for example in read(split)]
            keys = [trip.tobytes() for trip in trips]
            trained = trained or set(keys)
            columns[split] = {
                "examples": len(trips),
                "links": [len(trip) for trip in trips],
                "link": np.concatenate(trips),
                "repeated": [float(key in trained) for key in keys],
            }
        return columns

    def checks(self, statistics, schema):
        """Trips of one link only, much longer ones than in training, ones that were trained on."""
        if statistics["train"]["links"].num_stats.max < 2:
            description = "every trip has one link: there is nothing to predict"
            yield Anomaly("short", "train", description, error=True)
        longest = statistics["train"]["links"].num_stats.max
        for split, columns in statistics.items():
            if columns["links"].num_stats.max > LONGEST * longest:
                description = f"{split} has a trip of {columns['links'].num_stats.max:.0f} links"
                yield Anomaly("long", split, f"{description}, train none beyond {longest:.0f}")
            repeated = columns["repeated"].num_stats.mean
            if split != "train" and repeated > 0:
                yield Anomaly(
                    "repeated", split, f"{repeated:.0%} of the trips of {split} are in train too"
                )

    def transform(self, read, schema):
        """The links of all trips of a split, one after the other, and where each begins."""
        return {}, self._arrays(read)

    @staticmethod
    def _arrays(read):
        for split in SPLITS:
            trips = Trips.of(*zip(*((e["links"], e["trip"]) for e in read(split)), strict=True))
            yield f"{split}-links", trips.links
            yield f"{split}-offsets", trips.offsets
            yield f"{split}-names", np.array(trips.names, "str")

    def dataset(self, transformed):
        """The `StreetData`; the graph is that of its name and sha256."""
        from rnnzoo.pipelines.families.streets.street_data import StreetData, graph_of

        about = transformed.about
        trips = {
            split: Trips(
                np.array(transformed.array(f"{split}-links")),
                np.array(transformed.array(f"{split}-offsets")),
                transformed.array(f"{split}-names").tolist(),
            )
            for split in SPLITS
        }
        graph = graph_of(about["name"], about["sha256"])
        return StreetData(about["name"], about["sha256"], graph, trips)

    # Training

    def build(self, name, recipe, data):
        """An untrained `PathPredictor` of the city's graph."""
        from rnnzoo.architectures import recurrent_layers
        from rnnzoo.streets.path_predictor import PathPredictor

        return PathPredictor(
            data.graph,
            recurrent_layers(name, recipe),
            name=name.replace("-", "_"),
            embedding=recipe["embedding"],
            dropout=recipe["dropout"],
        )

    def batches(self, recipe, data, seed, first_epoch):
        """`TripBatches` of the training split."""
        from rnnzoo.streets.batches import TripBatches

        successors, trips = data.graph.successors(), data.trips["train"]
        return TripBatches(
            successors, trips, recipe["batch_size"], seed, True, first_epoch, recipe["known"]
        )

    def validation_batches(self, model, data):
        """Trips of the validation split, whose destinations are not known."""
        return model.windows(data.trips["validation"], shuffle=False, known=0.0)

    def loss(self, recipe):
        """Nats per link."""
        from rnnzoo.streets.path_predictor import link_loss

        return link_loss()

    def callbacks(self, data, folder, every):
        """Maps of predicted paths of the validation split, where Matplotlib is installed."""
        from rnnzoo.figure import has_matplotlib

        if not has_matplotlib():
            return []
        from rnnzoo.streets.map_log import MapLog

        return [MapLog(folder, data.trips["validation"], every)]

    # Evaluation

    def figure(self, model, data, split):
        """Nats per link, of unknown destinations."""
        from rnnzoo.streets.evaluation import step_row

        return step_row(model, data.trips[split])["nats"]

    def evaluation_rows(self, model, data):
        """Links by length of the trip, destination, choice and what follows; beside a chain."""
        from rnnzoo.streets.slices import rows

        return rows(model, data.graph, data.trips)

    def evaluate(self, models, data, recipe):
        """Models, chains of order 1 to 8, shortest routes and random choice."""
        from rnnzoo.streets.evaluation import evaluate

        return evaluate(models(), data.graph, data.trips, recipe)

    def baseline_figures(self, baselines):
        """Nats per link of the chains."""
        return {row["baseline"]: row["nats"] for row in baselines if "nats" in row}

    def limit(self, last):
        """1% above the last version's."""
        return last * SLACK

    # Export and card

    def golden_inputs(self, model, data):
        """The longest validation trip (2, time, 2), with its destination unknown and known."""
        trips = data.trips["validation"]
        trip = trips[int(trips.lengths.argmax())]
        goals = np.array([[-1], [trip[-1]]]).repeat(len(trip), 1)
        return np.stack([np.stack([trip, trip]), goals], axis=-1).astype("int32")

    def random_inputs(self, model, seed=0):
        """A random path (2, time, 2), with its destination unknown and known."""
        from types import SimpleNamespace

        from rnnzoo.baselines.street_walks import random_walk
        from rnnzoo.pipelines.core.family import STEPS

        walk = random_walk(model.graph, [0], STEPS - 1, np.random.default_rng(seed))
        trips = Trips.of([walk], [""])
        return self.golden_inputs(model, SimpleNamespace(trips={"validation": trips}))

    def question(self, model, data):
        """The golden path as ids; compared are the probabilities after its last link."""
        from rnnzoo.streets.continuation import log_softmax

        inputs = self.golden_inputs(model, data)[:1]
        expected = np.exp(log_softmax(np.asarray(model(inputs))[:, -1]))
        prefix = [[model.graph.ids[link] for link in inputs[0, :, 0]]]
        return prefix, lambda response: np.abs(response["probabilities"] - expected).max()

    def endpoints(self, model):
        """See `rnnzoo.pipelines.families.streets.signatures`."""
        from rnnzoo.pipelines.families.streets.signatures import endpoints

        return endpoints(model)

    def describe(self, model, data):
        """Inputs, outputs, and the size of the graph."""
        return {
            "input": "int32 indices of a link and of the destination, -1 if unknown "
            "(batch, time, 2)",
            "output": "float32 logits of the links that can follow, and last of the end "
            f"(batch, time, {model.candidates.shape[1]})",
            "links": len(model.graph),
            "crossings": len(model.graph.nodes),
        }

    def describe_data(self, data):
        """The number of trips of each split, and of their links."""
        return {
            "trips": {split: len(trips) for split, trips in data.trips.items()},
            "steps": {split: len(trips.links) for split, trips in data.trips.items()},
        }

    def predictor(self, card, options):
        """What follows each trip of a file."""
        from rnnzoo.pipelines.families.streets.predictor import TripPredictor

        return TripPredictor(card, options)

    # Fine-tuning

    def user_dataset(self, path, base):
        """The city in a folder; its graph need not be that of the model."""
        from rnnzoo.pipelines.families.streets.street_data import of_folder

        return of_folder(path, base.get("recipe", {}).get("by", "trip"))

    def adapt(self, model, data):
        """The model of the city's graph, with the weights of the links that both have."""
        return model.with_graph(data.graph)

    def finetune_batches(self, model, data, seed):
        """Trips, half of them with known destinations; of the validation split none."""
        return model.windows(data.trips["train"], seed=seed), self.validation_batches(model, data)


STREETS = StreetFamily()

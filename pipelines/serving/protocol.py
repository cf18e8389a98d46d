"""TensorFlow Serving's REST protocol without HTTP: what each request returns, as JSON values."""

import re

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.json_text import decoded
from rnnzoo.pipelines.serving.values import columns, json_value, rows

DEFAULT = "serving_default"


class NotServed(Exception):
    """No such model, or no such version of it."""


def models(servables):
    """The names of all models, and the versions of each that can be requested, the newest first.

    Args:
        servables: dict from name to `Servable`.

    Returns:
        dict of JSON values.
    """
    listed = [
        {"name": name, "versions": [str(n) for n in sorted(servable.available(), reverse=True)]}
        for name, servable in servables.items()
    ]
    return {"models": listed}


def status(servables, name, version):
    """The versions of a model that can be requested, the newest first.

    Args:
        servables: dict from name to `Servable`.
        name: str, the model's.
        version: str, a single version of it; None for all.

    Returns:
        dict of JSON values.

    Raises:
        NotServed: no such model or version.
    """
    number, _ = _loaded(servables, name, version)
    every = sorted(servables[name].available(), reverse=True)
    numbers = every if version is None else [number]
    available = {"state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
    return {"model_version_status": [{"version": str(n), **available} for n in numbers]}


def metadata(servables, name, version):
    """The signatures of a version, the newest one for None.

    Args, Returns, Raises: as for `status`.
    """
    number, loaded = _loaded(servables, name, version)
    return {
        "model_spec": {"name": name, "signature_name": "", "version": str(number)},
        "metadata": {"signature_def": {"signature_def": loaded.signatures()}},
    }


def predict(servables, name, version, body):
    """The outputs of a signature, by row for `instances` and by output for `inputs`.

    Args:
        servables, name, version: as for `metadata`.
        body: bytes, the JSON object of the request.

    Returns:
        dict of JSON values.

    Raises:
        NotServed: as for `metadata`.
        InputError: the body is not what the signature takes.
    """
    _, loaded = _loaded(servables, name, version)
    request = _parsed(body)
    signature = request.get("signature_name") or DEFAULT
    if "instances" in request:
        return {"predictions": rows(loaded.predict(signature, columns(request["instances"])))}
    outputs = loaded.predict(signature, request["inputs"])
    lists = {output: json_value(output, array) for output, array in outputs.items()}
    return {"outputs": next(iter(lists.values())) if len(lists) == 1 else lists}


def _loaded(servables, name, version):
    """(int, `Version`) of a model, the newest version for None."""
    # A longer number is no version, and int() refuses thousands of digits.
    if version is not None and re.fullmatch("[0-9]{1,9}", version):
        version = int(version)
    try:
        return servables[name].get(version)
    except LookupError:
        which = f" version {shown(version)}" if version is not None else ""
        served = ", ".join(sorted(servables))
        raise NotServed(f"{shown(name)}{which} is not served here: {served} are") from None


def _parsed(body):
    """The request's object.

    Raises:
        InputError: no JSON object, or not with just one of `instances` and `inputs`.
    """
    request = decoded(body)
    if not isinstance(request, dict) or ("instances" in request) == ("inputs" in request):
        raise InputError("body has to be an object with either 'instances' or 'inputs'")
    if unknown := request.keys() - {"instances", "inputs", "signature_name"}:
        raise InputError(
            f"unknown field {shown(sorted(unknown)[0])}: fields are signature_name, instances and "
            "inputs"
        )
    # Null and an empty string are the default, as for TensorFlow Serving.
    if not isinstance(request.get("signature_name"), str | None):
        raise InputError(f"signature_name={shown(request['signature_name'])}: give a string")
    return request

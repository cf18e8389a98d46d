"""TensorFlow Serving's REST protocol without HTTP: requests and answers as JSON values."""

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.json_text import decoded
from rnnzoo.pipelines.serving.values import columns, json_value, rows

DEFAULT = "serving_default"


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


def status(servable, number=None):
    """The versions of a model that can be requested, the newest first.

    Args:
        servable: `Servable`.
        number: int, a single version of it; None for all.

    Returns:
        dict of JSON values.
    """
    numbers = sorted(servable.available(), reverse=True) if number is None else [number]
    available = {"state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
    return {"model_version_status": [{"version": str(n), **available} for n in numbers]}


def metadata(name, number, version):
    """The signatures of a version.

    Args:
        name: str, the model's.
        number: int, its version.
        version: `Version`.

    Returns:
        dict of JSON values.
    """
    return {
        "model_spec": {"name": name, "signature_name": "", "version": str(number)},
        "metadata": {"signature_def": {"signature_def": version.signatures()}},
    }


def read_predict(version, body):
    """The request of a prediction.

    Args:
        version: `Version`.
        body: bytes, a JSON object.

    Returns:
        (signature, dict from input to array, whether the answer is by row).

    Raises:
        InputError: the body is not what the signature takes.
    """
    request = _parsed(body)
    signature = request.get("signature_name") or DEFAULT
    by_row = "instances" in request
    values = columns(request["instances"]) if by_row else request["inputs"]
    return signature, version.checked(signature, values), by_row


def refuse(version, method, body):
    """Refuses a request of `:classify` or `:regress`, which no signature here supports.

    Args:
        version: `Version`.
        method: str.
        body: bytes, a JSON object.

    Raises:
        InputError: says why.
    """
    request = decoded(body)
    signature = (isinstance(request, dict) and request.get("signature_name")) or DEFAULT
    version.specs(signature if isinstance(signature, str) else DEFAULT)
    raise InputError(
        f"signature {shown(signature)} does not support {method}, which takes tf.Example: "
        "send its inputs to :predict"
    )


def predicted(outputs, by_row):
    """The answer to a prediction: by row for `instances`, by output for `inputs`.

    Args:
        outputs: dict of arrays.
        by_row: bool.

    Returns:
        dict of JSON values.

    Raises:
        InputError: outputs have no common rows.
    """
    if by_row:
        return {"predictions": rows(outputs)}
    lists = {output: json_value(output, array) for output, array in outputs.items()}
    return {"outputs": next(iter(lists.values())) if len(lists) == 1 else lists}


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

"""TensorFlow Serving's REST protocol without HTTP: requests and answers as JSON values."""

from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.core import steps
from rnnzoo.pipelines.serving.core.steps import STEP, Step, step_of
from rnnzoo.pipelines.serving.protocols.json_text import decoded
from rnnzoo.pipelines.serving.protocols.values import columns, json_value, rows

DEFAULT = "serving_default"
FIELDS = ("signature_name", "instances", "inputs")


@dataclass(frozen=True)
class Call:
    """A request for a prediction.

    Args:
        signature: str.
        values: JSON value, see `Version.checked`.
        by_row: bool, whether the answer is by row.
        step: `Step` of a sequence; None for a request without states of the server.
    """

    signature: str
    values: object
    by_row: bool
    step: Step | None = None


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
        "metadata": {"signature_def": {"signature_def": version.signatures}},
    }


def call_of(body, default=DEFAULT):
    """The `Call` of the body of a request.

    Args:
        body: bytes, a JSON object.
        default: str, the signature of a call that names none and is no step of a sequence.

    Raises:
        InputError: it is no such object, or a field has an unsuitable value.
    """
    request = _parsed(body)
    by_row = "instances" in request
    values = columns(request["instances"]) if by_row else request["inputs"]
    step = step_of(request)
    default = default if step is None else STEP
    return Call(request.get("signature_name") or default, values, by_row, step)


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


def predicted(outputs, call, count=None):
    """The answer to a prediction: by row for `instances`, by output for `inputs`.

    Args:
        outputs: dict of arrays.
        call: `Call`.
        count: int, how many steps of its sequence are done; None without a sequence.

    Returns:
        dict of JSON values.

    Raises:
        InputError: outputs have no common rows.
    """
    about = {} if count is None else {"sequence_id": call.step.sequence, "steps": count}
    if call.by_row:
        return {"predictions": rows(outputs), **about}
    lists = {output: json_value(output, array) for output, array in outputs.items()}
    return {"outputs": next(iter(lists.values())) if len(lists) == 1 else lists, **about}


def _parsed(body):
    """The request's object.

    Raises:
        InputError: no JSON object, or not with just one of `instances` and `inputs`.
    """
    request = decoded(body)
    if not isinstance(request, dict) or ("instances" in request) == ("inputs" in request):
        raise InputError("body has to be an object with either 'instances' or 'inputs'")
    fields = *FIELDS, *steps.FIELDS
    if unknown := request.keys() - {*fields}:
        raise InputError(
            f"unknown field {shown(sorted(unknown)[0])}: fields are {', '.join(fields)}"
        )
    # Null and an empty string are the default, as for TensorFlow Serving.
    if not isinstance(request.get("signature_name"), str | None):
        raise InputError(f"signature_name={shown(request['signature_name'])}: give a string")
    return request

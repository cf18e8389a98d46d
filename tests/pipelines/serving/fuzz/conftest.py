"""Fuzzed requests: valid ones that are changed as JSON, as messages, as bytes, and as HTTP.

A case is made from its number alone, so that a failure names all that reproduces it.
"""

import base64
import copy
import gzip
import io
import json
import random
import types

import numpy as np
import pytest
from google.protobuf.descriptor import FieldDescriptor

HUGE = 5 * 2**20  # bytes, more than a body may have
SEQUENCES = ("a", "b", 7, "é")
NUMBERS = (
    0, 1, -1, 2, 3, 7, 127, 300, 2**31, -(2**31) - 1, 2**40, 2**63, -(2**63) - 1, 2**64, 10**40,
    0.5, -0.0, 1e-320, 3.5e38, 1e308, float("nan"), float("inf"), -float("inf"), True, False, None,
)  # fmt: skip
STRINGS = (
    "", "a", "he", "?", "é", "\0", "\n", "\ud800", "\udfff\ud800", "\ufeff", "\U0010ffff", "null",
    "a" * 3000, "%s{0}", "../..", "-1", "1e9", "step", "model", "serving_default", "video", "text",
    "rates", "FP32", "BYTES", "FP16", "INT64", "BOOL", "ab", "bc", "aGVsbG8=", "a\u2028b",
)  # fmt: skip
FIELDS = (
    "inputs", "instances", "signature_name", "sequence_id", "sequence_start", "sequence_end",
    "parameters", "outputs", "id", "name", "shape", "datatype", "data", "b64", "binary_data_size",
    "binary_data", "binary_data_output", "classification", "shared_memory_region",
)  # fmt: skip
NAMES = (
    "text",
    "rates",
    "unusual",
    "none",
    "",
    "a/b",
    "%2e%2e",
    "%ff",
    "%00",
    "a%0ab",
    "é",
    "x" * 999,
)
PARTS = (
    b"", b"[" * 3000, b"{\"a\":" * 2000, b"9" * 5000, b"1e999", b"-", b"NaN", b"-Infinity", b"null",
    b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x00", b"\xef\xbb\xbf", b"\\ud800",
    b'"', b"}", b"]", b",", b" " * 999, b'"inputs": 1,', b'"name": "text",', b"\x1f\x8b", b"\r\n",
)  # fmt: skip


def video():
    """The bytes of a video of three frames."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("mpeg4", rate=2)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for grey in (90, 110, 130):
            picture = np.full((24, 32, 3), grey, "uint8")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


def numbers(*shape):
    return np.random.default_rng(1).uniform(0.2, 0.8, shape).round(3).tolist()


# Inputs of a row or two; states are zeros.
INPUTS = {
    ("text", "serving_default"): {"text": ["he", "hello"]},
    ("text", "step"): {"text": ["l"]},
    ("text", "model"): {"characters": [[0, 4, 5], [1, 2, 3]]},
    ("rates", "serving_default"): {"rates": numbers(2, 21)},
    ("rates", "step"): {"rate": numbers(1)},
    ("rates", "model"): {"rates": numbers(2, 3)},
    ("unusual", "serving_default"): {"x": [0.0, 1.0]},
    ("skeletons", "serving_default"): {"joints": numbers(1, 2, 20, 3)},
    ("skeletons", "model"): {"features": numbers(1, 1, 120)},
    ("video", "video"): {"video": [video()]},
    ("video", "serving_default"): {"features": numbers(2, 7, 3)},
    ("frames", "serving_default"): {"frames": numbers(2, 3, 4, 5)},
    ("frames", "step"): {"frame": numbers(1, 4, 5)},
    ("audio", "serving_default"): {
        "samples": numbers(2, 40), "gaps": [[[5, 9]], [[7, 8]]], "available": [0, 5],
    },
    ("audio", "step"): {"samples": numbers(1, 128), "lost": [[0, 1]]},
    ("audio", "model"): {"cells": numbers(1, 1, 129)},
    ("streets", "serving_default"): {"prefix": [["ab", "ba é"], ["bc", ""]]},
    ("streets", "with_destination"): {"prefix": [["ab", "ba é"]], "destination": ["bc"]},
    ("streets", "step"): {"link": ["ab"], "destination": ["bc"]},
    ("streets", "model"): {"links": [[[0, -1], [1, -1]], [[2, 1], [-1, 1]]]},
}  # fmt: skip
SIMPLE = [key for key in INPUTS if key[0] in ("text", "rates", "unusual")]


class Fuzzer:
    """Makes the cases of a number.

    Args:
        number: int.
        servables: dict from name to a servable.
        keys: list of (model, signature), which requests are for.
    """

    def __init__(self, number, servables, keys):
        self.random = random.Random(number)
        self.pick, self.chance = self.random.choice, lambda share: self.random.random() < share
        self._servables, self._keys = servables, keys

    def of(self, name):
        """This fuzzer, for a model alone."""
        self._keys = [key for key in self._keys if key[0] == name]
        return self

    def signature(self):
        """(model, signature, dict of arrays, of strings or numbers, dict of the specs)."""
        name, signature = self.pick(self._keys)
        servable = self._servables[name]
        _, version = servable.loaded(1) or servable.get(1)
        specs, values = version.specs(signature), dict(INPUTS[name, signature])
        if not self.chance(0.5):  # otherwise they are those of a sequence
            rows = len(next(iter(values.values())))
            values |= {
                state: np.zeros((rows, *spec.shape[1:])).tolist()
                for state, spec in specs.items()
                if state.startswith("state_")
            }
        if "video" in values:
            values["video"] = [self.changed_bytes(content) for content in values["video"]]
        return name, signature, values, specs

    def sequence(self):
        """dict of the fields of a step of a sequence; often empty."""
        if self.chance(0.6):
            return {}
        fields = {"sequence_id": self.pick(SEQUENCES)}
        for name in ("sequence_start", "sequence_end"):
            if self.chance(0.5):
                fields[name] = self.chance(0.7)
        return fields

    def odd(self, depth=2):
        """A JSON value that hardly fits anywhere."""
        kind = self.random.randrange(8)
        if kind < 3:
            return self.pick(NUMBERS)
        if kind < 5:
            return self.pick(STRINGS)
        if kind == 5:
            return {"b64": self.pick((*STRINGS, 1, None))}
        if not depth:
            return self.pick(([], {}))
        count = self.pick((0, 1, 2, 40))
        if kind == 6:
            return [self.odd(depth - 1) for _ in range(count)]
        return {self.pick(FIELDS + STRINGS): self.odd(depth - 1) for _ in range(count)}

    def changed_json(self, value):
        """A copy of a JSON value, with up to three changes."""
        value = copy.deepcopy(value)
        for _ in range(self.pick((0, 0, 0, 1, 1, 2, 3))):
            places = list(places_of(value))
            if not places:
                return self.odd()
            container, key = self.pick(places)
            change = self.random.randrange(8)
            if change < 3:
                container[key] = self.odd()
            elif change == 3:
                del container[key]
            elif change == 4:
                inner = container[key]
                for _ in range(self.pick((1, 2, 31, 66))):
                    inner = [inner]
                container[key] = inner
            elif change == 5 and isinstance(container, dict):
                container[self.pick(FIELDS + STRINGS)] = copy.deepcopy(container[key])
            elif change == 5:
                inner = container[key]
                count = 2 if isinstance(inner, dict | list) else self.pick((2, 500))
                container[key:key] = [copy.deepcopy(inner) for _ in range(count)]
            elif change == 6:
                other, position = self.pick(places)
                container[key] = copy.deepcopy(
                    other.get(position)
                    if isinstance(other, dict)
                    else (other + [None])[min(position, len(other))]
                )
            else:
                container[key] = self.pick(([], {}, [[]], [[], [1]]))
        return value

    def changed_bytes(self, content):
        """Bytes with up to three changes; often none."""
        content = bytearray(content)
        for _ in range(self.pick((0, 0, 1, 1, 2, 3))):
            position = self.random.randrange(len(content) + 1)
            length = self.pick((1, 2, 9, 99))
            change = self.random.randrange(7)
            if change == 0:
                del content[position:]
            elif change == 1:
                del content[position : position + length]
            elif change == 2:
                content[position:position] = content[position : position + length] * 2
            elif change == 3 and position < len(content):
                content[position] ^= 1 << self.random.randrange(8)
            elif change == 4:
                content[position:position] = self.random.randbytes(length)
            else:
                content[position:position] = self.pick(PARTS)
        return bytes(content)

    def json_bytes(self, value):
        """The body of a JSON value: in UTF-8, or nearly."""
        text = json.dumps(value, ensure_ascii=self.chance(0.5))
        encoding = "utf-8" if self.chance(0.97) else self.pick(("utf-16", "utf-32", "utf-8-sig"))
        content = text.encode(encoding, "surrogatepass")
        return content if self.chance(0.7) else self.changed_bytes(content)

    def headers(self, body):
        """(body, headers) of a request: mostly as it is, or packed well or badly."""
        headers = {"Content-Type": "application/json"}
        if self.chance(0.7):
            return body, headers
        packed = gzip.compress(body, 1)
        bomb = gzip.compress(bytes(HUGE), 9) if self.chance(0.1) else packed
        body = self.pick((
            body, packed, packed, self.changed_bytes(packed), packed[:-5], packed * 2, bomb,
            gzip.compress(packed), packed + bytes(9), gzip.compress(b"") * 101, b"",
        ))  # fmt: skip
        headers["Content-Encoding"] = self.pick(
            ("gzip", "gzip", "GZIP ", "identity", "br", "gzip, gzip", "", "\xff", "x" * 999)
        )
        headers["Content-Type"] = self.pick(("text/plain", "", "multipart/form-data", "\xe9"))
        headers["Accept-Encoding"] = self.pick(("gzip", "gzip;q=0", "*", "\xff"))
        headers["X-Request-ID"] = self.pick(("a", "a" * 65, "\xe9", ""))
        return body, headers

    def model_path(self, name):
        """The path of a model behind `/models/`: of a version of it, and sometimes of another."""
        name = self.pick(NAMES) if self.chance(0.03) else name
        which = "" if self.chance(0.8) else self.pick(
            ("/versions/1", "/versions/2", "/versions/-1", "/versions/" + "9" * 5000, "/labels/a",
             "/versions/%ff", "/labels/%0a", "/versions/", "/versions/1/")
        )  # fmt: skip
        return "".join(c if ord(c) < 128 else f"%{ord(c):02x}" for c in name) + which

    def call(self):
        """The JSON value of a request of TensorFlow Serving's REST protocol, and its model."""
        name, signature, values, _ = self.signature()
        values = json_values(values)
        if self.chance(0.5):
            request = {"inputs": values}
        else:
            rows = zip(*values.values(), strict=True)
            request = {"instances": [dict(zip(values, row, strict=True)) for row in rows]}
        if signature != "serving_default" or self.chance(0.1):
            request["signature_name"] = signature
        return name, self.changed_json({**request, **self.sequence()})

    def rest(self):
        """(path, body, headers) of TensorFlow Serving's REST protocol."""
        name, request = self.call()
        method = "predict" if self.chance(0.95) else self.pick(("classify", "regress", "x"))
        path = f"/v1/models/{self.model_path(name)}:{method}"
        return path, *self.headers(self.json_bytes(request))

    def v2(self, datatypes):
        """(path, body, headers) of the Open Inference Protocol.

        Args:
            datatypes: dict from dtype to the name of the protocol.
        """
        name, signature, values, specs = self.signature()
        inputs, data = [], []
        for key, value in json_values(values).items():
            array = np.array(value if specs[key].dtype != "string" else values[key])
            item = {
                "name": key,
                "shape": list(array.shape),
                "datatype": datatypes[specs[key].dtype],
            }
            if self.chance(0.3):
                data.append(binary(array, specs[key]))
                item["parameters"] = {"binary_data_size": len(data[-1])}
            else:
                item["data"] = value
            inputs.append(item)
        request = {"inputs": inputs, "id": "1", "parameters": self.sequence()}
        request["parameters"]["signature_name"] = signature
        if self.chance(0.3):
            request["outputs"] = [{"name": self.pick(("logits", "median", "inverse", "text"))}]
        header = self.json_bytes(self.changed_json(request))
        content = b"".join(data)
        body = header + (content if self.chance(0.8) else self.changed_bytes(content))
        body, headers = self.headers(body)
        if data or self.chance(0.2):
            headers["Inference-Header-Content-Length"] = (
                str(len(header))
                if self.chance(0.8)
                else self.pick(
                    ("-1", "0", "1", "9" * 40, "1e3", "+5", " 5 ", "\xb2", "", str(len(body)))
                )
            )
        return f"/v2/models/{self.model_path(name)}/infer", body, headers

    def changed_message(self, message):
        """The bytes of a message with up to three changes, some of them in its bytes."""
        for _ in range(self.pick((0, 0, 1, 1, 2, 3))):
            self._change(message)
        content = message.SerializeToString()
        return content if self.chance(0.75) else self.changed_bytes(content)

    def _change(self, message):
        """Changes a field of a message, or of a message that it has."""
        field = self.pick(message.DESCRIPTOR.fields)
        value, is_message = getattr(message, field.name), field.message_type is not None
        if is_message and field.message_type.GetOptions().map_entry:
            inner = field.message_type.fields_by_name["value"]
            known = sorted(value) if inner.message_type and self.chance(0.9) else []
            if known:
                self._change(value[self.pick(known)])
            elif inner.message_type:
                value[self.pick(STRINGS[:6])].SetInParent()
        elif field.is_repeated:
            if len(value) and is_message and self.chance(0.7):
                self._change(value[self.random.randrange(len(value))])
            elif len(value) and self.chance(0.3):
                del value[self.random.randrange(len(value)) :]
            elif is_message:
                value.add()
            else:
                value.extend([self._scalar(field)] * self.pick((1, 2, 99)))
        elif is_message:
            value.SetInParent()
            self._change(value)
        elif self.chance(0.2):
            message.ClearField(field.name)
        else:
            setattr(message, field.name, self._scalar(field))

    def _scalar(self, field):
        kinds = FieldDescriptor
        if field.cpp_type == kinds.CPPTYPE_STRING:
            text = self.pick([text for text in STRINGS if text.isprintable()])
            return text if field.type == kinds.TYPE_STRING else self.changed_bytes(text.encode())
        if field.cpp_type == kinds.CPPTYPE_BOOL:
            return self.chance(0.5)
        if field.cpp_type in (kinds.CPPTYPE_FLOAT, kinds.CPPTYPE_DOUBLE):
            return self.pick((0.0, -1.0, 1e30, float("nan"), float("inf")))
        if field.cpp_type == kinds.CPPTYPE_ENUM:
            return self.random.randrange(30)
        is_short = field.cpp_type in (kinds.CPPTYPE_INT32, kinds.CPPTYPE_UINT32)
        most = 2**31 - 1 if is_short else 2**63 - 1
        is_signed = field.cpp_type in (kinds.CPPTYPE_INT32, kinds.CPPTYPE_INT64)
        return self.pick((0, 1, 2, 3, 19, 2**20, most, *((-1, -most) if is_signed else ())))


def places_of(value):
    """Yields (container, key) of each value inside a JSON value, but of few of long lists."""
    items = value.items() if isinstance(value, dict) else enumerate(value[:4])
    for key, inner in list(items):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places_of(inner)


def json_values(values):
    """Inputs as JSON: bytes in base64."""
    return {
        name: [
            {"b64": base64.b64encode(item).decode()} if isinstance(item, bytes) else item
            for item in items
        ]
        for name, items in values.items()
    }


def binary(array, spec):
    """The binary data of an array."""
    if spec.dtype != "string":
        return array.astype(spec.dtype.as_numpy_dtype).tobytes()
    strings = [
        item if isinstance(item, bytes) else item.encode() for item in array.ravel().tolist()
    ]
    return b"".join(len(item).to_bytes(4, "little") + item for item in strings)


@pytest.fixture(scope="session")
def fuzzing():
    """The `Fuzzer`, and the signatures that it knows: all, and those of small models."""
    return types.SimpleNamespace(Fuzzer=Fuzzer, all=list(INPUTS), simple=SIMPLE)

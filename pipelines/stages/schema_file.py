"""The Schema proto of data, as a SchemaGen writes it."""

FILE = "schema.pbtxt"


def write_schema(folder, schema):
    """Writes `schema.pbtxt` into a stage's folder.

    Args:
        folder: Path.
        schema: `tensorflow_metadata.proto.v0.schema_pb2.Schema`.
    """
    from google.protobuf import text_format

    (folder / FILE).write_text(text_format.MessageToString(schema), encoding="utf-8")


def read_schema(folder):
    """The `Schema` that `write_schema` wrote."""
    from google.protobuf import text_format
    from tensorflow_metadata.proto.v0 import schema_pb2

    return text_format.Parse((folder / FILE).read_text(encoding="utf-8"), schema_pb2.Schema())

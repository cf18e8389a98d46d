"""What an ExampleValidator found odd, as an Anomalies proto."""

from rnnzoo.datasets.common.errors import InputError

FILE = "anomalies.pbtxt"


class Anomalies:
    """Collects what is odd about data: an error ends the pipeline, a warning goes on the card."""

    def __init__(self):
        from tensorflow_metadata.proto.v0 import anomalies_pb2

        self._proto, self._found = anomalies_pb2, {}

    def error(self, name, description):
        """Notes what nothing can be learned from; the first of a name counts."""
        self._note(name, self._proto.AnomalyInfo.ERROR, description)

    def warning(self, name, description):
        """Notes what makes figures mean less; the first of a name counts."""
        self._note(name, self._proto.AnomalyInfo.WARNING, description)

    def _note(self, name, severity, description):
        info = self._proto.AnomalyInfo(severity=severity, description=description)
        self._found.setdefault(name, info)

    def write(self, folder):
        """Writes `anomalies.pbtxt` into a stage's folder.

        Raises:
            InputError: there was an error, in its own words; the file is there all the same.
        """
        from google.protobuf import text_format

        result = self._proto.Anomalies(anomaly_info=self._found)
        (folder / FILE).write_text(text_format.MessageToString(result), encoding="utf-8")
        for info in self._found.values():
            if info.severity == self._proto.AnomalyInfo.ERROR:
                raise InputError(info.description)


def read_warnings(folder):
    """What the validator found odd, one sentence each."""
    from google.protobuf import text_format
    from tensorflow_metadata.proto.v0 import anomalies_pb2

    text = (folder / FILE).read_text(encoding="utf-8")
    parsed = text_format.Parse(text, anomalies_pb2.Anomalies())
    return [parsed.anomaly_info[name].description for name in sorted(parsed.anomaly_info)]

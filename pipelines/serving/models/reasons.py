"""Why a graph refused its inputs: the message of `rnnzoo.pipelines.export.refusals.checked`."""

import re


def reason_of(problem):
    """The message of a failed assertion of the graph, without what TensorFlow adds.

    Args:
        problem: `tf.errors.InvalidArgumentError`; or `UnicodeDecodeError`, which TensorFlow raises
            in its place if the message quotes a string that is no UTF-8.
    """
    if isinstance(problem, UnicodeDecodeError):
        message = problem.object.decode(errors="backslashreplace")
    else:
        message = problem.message
    _, assertion, message = message.partition("assertion failed: [")
    if not assertion:
        return "the values do not fit the model"
    message = message.split("\n\t [[")[0].replace("] [", " ").removesuffix("]")
    # TensorFlow escapes the quotes and backslashes of strings.
    return re.sub(r"\\(['\"\\])", r"\1", " ".join(message.split()))

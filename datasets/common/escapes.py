r"""Characters that an encoding does not have, as escapes of JSON: `\u2019`.

Standard output may be in ASCII or cp1252. Names of files may hold lone surrogates, which stand for
bytes that are no UTF-8 and which no encoding has. A JSON text stays the same value if they are
escaped.
"""

import codecs
import json

# Name of the error handler, the argument `errors` of `open` and `str.encode`.
ESCAPES = "rnnzoo.escapes"


def _escaped(problem):
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    return json.dumps(problem.object[problem.start : problem.end])[1:-1], problem.end


codecs.register_error(ESCAPES, _escaped)

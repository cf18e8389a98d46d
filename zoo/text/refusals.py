"""Why a text is refused: templates of the messages of `TextGenerator` and its exported graph."""

EMPTY = "the prompt is empty: give at least one character"
UNKNOWN = "the model does not know {characters}: it knows {vocabulary}"

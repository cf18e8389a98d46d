"""Where the texts come from."""

from pathlib import Path

from rnnzoo.datasets.char_text.cookbook import recipes
from rnnzoo.datasets.common.source import Source

SOURCES = {
    "shakespeare": Source(
        name="shakespeare",
        url="https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
        path="text/tinyshakespeare.txt",
        licence="public domain",
        sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    ),
    "artusi": Source(
        name="artusi",
        url="https://www.gutenberg.org/cache/epub/59047/pg59047.txt",
        path="text/pg59047.txt",
        licence="public domain (Project Gutenberg licence on the wrapper, which is cut off)",
        sha256="46e12702401246c9dd6c7387a36131e61824c36554571c7a697ac85c61be50e9",
        content=recipes,
    ),
}

# Texts that come with the package.
EMBEDDED = {"sonnets": Path(__file__).with_name("sonnets.txt")}

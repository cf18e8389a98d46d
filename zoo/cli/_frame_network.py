"""The option `--frame-network` of the commands that read videos."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences.networks.names import NAMES


def add_frame_network(command):
    """Adds the option to a command."""
    command.add_argument(
        "--frame-network",
        metavar="NAME|FILE",
        help="of a classifier of videos: the network that reads frames, by its name "
        f"({', '.join(NAMES)}) or its file (default: that of the recipe or of the training)",
    )


def reads_videos(card):
    """Whether a model with this card, a dict, is a classifier of videos."""
    return card.get("reader", {}).get("kind") == "video"


def network_for(card, path):
    """The network with a name or in a file, for a trained model; imports Keras.

    Args:
        card: dict, of the model.
        path: str.

    Returns:
        `rnnzoo.sequences.networks.frame_network.FrameNetwork`; the model finds it from then on.

    Raises:
        InputError: the model reads no videos, was trained with another network, or the file cannot
            be read.
    """
    from rnnzoo.sequences.networks.network_files import network_of
    from rnnzoo.sequences.readers import reader_of

    if not reads_videos(card):
        raise InputError(f"--frame-network {path} is for models of videos: {card['name']} is none")
    reader = reader_of(card["reader"])
    network = network_of(path, reader.pixels)
    reader.use(network)
    return network

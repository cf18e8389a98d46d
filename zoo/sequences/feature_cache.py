"""The files of clips' features, named by the clip's content, the network and the sampling.

    <network and sampling>/<first two digits>/<sha256 of the clip>.npy

A file appears when it is complete, so an extraction that was interrupted is continued with the
missing ones, and several machines may write to one folder.
"""

import io

import numpy as np

# Raise it when other frames are taken from the same clip, or resized in another way.
VERSION = 2


def set_name(network, sampling):
    """The folder's name for a network and a sampling.

    Args:
        network: `rnnzoo.sequences.networks.frame_network.FrameNetwork`.
        sampling: `rnnzoo.sequences.sampling.Sampling`.
    """
    frames = f"{sampling.frames}x{sampling.seconds:g}s-{sampling.windows}"
    frames += "-mirrored" if sampling.mirrored else ""
    return f"{network.digest[:16]}-{frames}-v{VERSION}"


def file_name(sha256):
    """The path of a clip's features below that folder."""
    return f"{sha256[:2]}/{sha256}.npy"


def packed(features):
    """The bytes of a features file."""
    content = io.BytesIO()
    np.save(content, features, allow_pickle=False)
    return content.getvalue()


def unpacked(content, network, sampling):
    """The features in a file's bytes, or None if it holds something else.

    Args:
        content: bytes.
        network, sampling: as for `set_name`.

    Returns:
        float32 array (windows, frames, features); a short clip has one window.
    """
    try:
        features = np.load(io.BytesIO(content), allow_pickle=False)
    except Exception:  # a header can hold anything
        return None
    expected = (sampling.frames, network.features)
    valid = features.ndim == 3 and features.shape[1:] == expected
    return features if valid and 1 <= len(features) <= sampling.windows else None

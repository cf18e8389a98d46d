"""Where the skeletons come from."""

from rnnzoo.datasets.action3d.archive import joined
from rnnzoo.datasets.common.source import Source

SOURCES = {
    "action3d": Source(
        name="action3d",
        # The files lie in a folder of this repository; the URL is of the whole of it.
        url="https://codeload.github.com/JeslieHCI/UTKinect_3/zip/refs/heads/master",
        path="action/msr_action3d_skeletons.tar.gz",
        licence="for research; the publisher states no licence",
        sha256="4bedd59f857b53b472c3702a923dffcc700d887b2945731ea9a764c341e188e7",
        content=joined,
    ),
}

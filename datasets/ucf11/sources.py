"""Where the clips come from."""

from rnnzoo.datasets.common.source import Source

SOURCES = {
    "ucf11": Source(
        name="ucf11",
        url="https://www.crcv.ucf.edu/data/YouTube_DataSet_Annotated.zip",
        path="video/YouTube_DataSet_Annotated.zip",
        licence="for research; the videos are their authors', from YouTube",
        sha256=None,  # the publisher states none, and the file has not been seen
    ),
}

# A folder of `RNNZOO_DATA_DIR` with a part of the data set: `videos`, `strips`, or both.
PART = "video/ucf11"

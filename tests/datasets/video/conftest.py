"""A small video that gets lighter."""

import io

import numpy as np
import pytest


@pytest.fixture
def clip():
    """Returns a function that makes a video, as bytes, of frames that get lighter by 5 of 255."""
    import av

    def made(frames=10, form="avi", codec="mpeg4", rate=10, first=0):
        file = io.BytesIO()
        with av.open(file, "w", format=form) as container:
            stream = container.add_stream(codec, rate=rate)
            stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
            for step in range(frames):
                picture = np.full((24, 32, 3), min(255, 5 * step), "uint8")
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts = first + step
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return file.getvalue()

    return made

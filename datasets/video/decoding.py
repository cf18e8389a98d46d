"""Decodes a video past damaged packets, as a player does."""

from rnnzoo.datasets.common.errors import InputError

MOST_DAMAGED = 0.5  # share of the packets; of a video with more, little is left


class DamagedVideo(UserWarning):
    """A video has packets that cannot be decoded."""


def left_out(damaged):
    """The number of damaged packets in words."""
    packets = "1 packet that is" if damaged == 1 else f"{damaged} packets that are"
    return f"{packets} damaged left out"


class Decoder:
    """The frames of an opened video that can be decoded.

    Args:
        container, stream: as `rnnzoo.datasets.video.reader.opened` yields them.
        name: name of the video in messages.

    Attributes:
        packets: int, packets that were read until now.
        damaged: int, those of them that could not be decoded.
    """

    def __init__(self, container, stream, name):
        self._container, self._stream, self._name = container, stream, name
        self.packets = self.damaged = 0

    def __iter__(self):
        """Yields `av.VideoFrame`s.

        Raises:
            InputError: at the end of the video, if more than half of its packets are damaged.
        """
        import av

        for packet in self._container.demux(self._stream):
            self.packets += bool(packet.size)
            try:
                yield from packet.decode()
            except av.FFmpegError as problem:
                self.damaged += 1
                reason = problem.strerror
        if self.damaged > MOST_DAMAGED * self.packets:
            raise InputError(
                f"{self._name} cannot be read as a video: {self.damaged} of its {self.packets} "
                f"packets are damaged ({reason})"
            )

"""The body of a request: read with limits, and unpacked."""

import zlib

import anyio
import anyio.to_thread

from rnnzoo.datasets.common.errors import InputError, shown

SLOWEST_BODY = 30  # seconds
MOST_PARTS = 100  # of gzip: what follows a part is copied

GZIP = b"\x1f\x8b"  # no JSON begins so
ENCODINGS = ("gzip", "x-gzip", "identity", "")


async def read_body(request, most_bytes):
    """The bytes of a request's body, unpacked if they are gzip.

    Args:
        request: `starlette.requests.Request`.
        most_bytes: int, that it may have, unpacked too.

    Raises:
        InputError: it is too large, takes too long to arrive, or cannot be unpacked.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise InputError(f"Content-Encoding is {shown(encoding)}: send gzip, or the body as it is")
    body = bytearray()
    try:
        with anyio.fail_after(SLOWEST_BODY):
            async for chunk in request.stream():
                body += chunk
                _check_size(body, most_bytes)
    except TimeoutError:
        raise InputError(f"body took over {SLOWEST_BODY} s to arrive") from None
    packed = body.startswith(GZIP) or encoding in ENCODINGS[:2]
    # Other requests are answered while a body is unpacked.
    if packed:
        return await anyio.to_thread.run_sync(unpacked, bytes(body), most_bytes)
    return bytes(body)


def unpacked(packed, most_bytes):
    """The content of gzip data; zeros after a part are ignored, as `gzip` does.

    Args:
        packed: bytes.
        most_bytes: int, that the content may have.

    Raises:
        InputError: it is no gzip, is cut off, or has too many parts or bytes.
    """
    content, parts = b"", 0
    while packed:  # a file of gzip may have several parts
        parts += 1
        if parts > MOST_PARTS:
            raise InputError(f"body has over {MOST_PARTS} parts of gzip: send a single one")
        part = zlib.decompressobj(wbits=zlib.MAX_WBITS + 16)
        try:
            content += part.decompress(packed, most_bytes + 1)
        except zlib.error as problem:
            raise InputError(f"body is no gzip: {problem}") from None
        _check_size(content, most_bytes)
        if not part.eof:
            raise InputError("body is no whole gzip: its end is missing")
        packed = part.unused_data.lstrip(b"\0")
    return content


def _check_size(content, most_bytes):
    if len(content) > most_bytes:
        raise InputError(f"body has over {most_bytes} bytes: send less")

"""The most memory that this process has used."""

from pathlib import Path


def peak_memory():
    """MiB, an int, on Linux.

    `resource.getrusage` would count the peak of the process that started this one, too.
    """
    status = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024

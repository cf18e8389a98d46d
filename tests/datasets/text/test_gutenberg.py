import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.text.gutenberg import body

pytestmark = pytest.mark.core

RAW = (
    "\ufeffThe Project Gutenberg eBook\r\nlicence\r\n"
    "*** START OF THE PROJECT GUTENBERG EBOOK A BOOK ***\r\n\r\n"
    "Però\r\n\r\nfine\r\n\r\n"
    "*** END OF THE PROJECT GUTENBERG EBOOK A BOOK ***\r\nmore licence\r\n"
)


def test_the_wrapper_is_cut_off():
    assert body(RAW.encode()).decode() == "Però\n\nfine\n"


@pytest.mark.parametrize("marker", ["*** START", "*** END"])
def test_a_missing_marker_is_said(marker):
    with pytest.raises(InputError, match="START and END"):
        body(RAW.replace(marker, "---").encode())

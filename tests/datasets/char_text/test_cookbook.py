import pytest

from rnnzoo.datasets.char_text.cookbook import recipes
from rnnzoo.datasets.common.errors import InputError

pytestmark = pytest.mark.core

RAW = (
    "*** START OF THE PROJECT GUTENBERG EBOOK A BOOK ***\r\n\r\n"
    "1. Brodo\r\n\r\nLo sa il popolo.\r\n"
    "\r\n\r\n\r\nAPPENDICE\r\n\r\n\r\nMenu\r\n"
    "*** END OF THE PROJECT GUTENBERG EBOOK A BOOK ***\r\n"
)


def test_it_ends_with_the_last_recipe():
    assert recipes(RAW.encode()).decode() == "1. Brodo\n\nLo sa il popolo.\n"


def test_a_book_without_the_heading_is_another_one():
    with pytest.raises(InputError, match="no heading APPENDICE"):
        recipes(RAW.replace("APPENDICE", "FINE").encode())

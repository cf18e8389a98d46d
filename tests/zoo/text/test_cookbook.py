import pytest

from rnnzoo.text.cookbook import recipes, shares, structure

pytestmark = pytest.mark.core

METHOD = "Prendete il burro e lavoratelo con la farina, poi aggiungete le uova\n"
METHOD += "una alla volta e cuocete ogni cosa al forno."
INGREDIENTS = "  Farina, grammi 300.\n  Burro, grammi 100.\n"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            f"del forno.\n\n604. Panettone\n\n{INGREDIENTS}\n{METHOD}\n\n",
            "title ingredients method",
        ),
        (f"604. Panettone\n\n{METHOD}\n", "title method"),
        (f"604. Panettone\n\n{INGREDIENTS}\nCuocete.\n", "title ingredients"),
        (f"604. Panettone\n\n  Farina, grammi 300.\n\n{METHOD}", "title method"),
        (f"604. Pane\n\nNo.\n\n605. Torta\n\n{INGREDIENTS}\n{METHOD}", "title"),
        (f"Panettone\n\n{INGREDIENTS}\n{METHOD}", ""),
        (f"come al N. 604. Panettone\n\n{METHOD}", ""),
        ("", ""),
    ],
)
def test_parts_of_the_first_recipe(text, parts):
    recipe = structure(text)
    names = ("title", "ingredients", "method")
    assert " ".join(name for name in names if getattr(recipe, name)) == parts
    assert recipe.whole == (len(parts.split()) == 3)


def test_recipes_of_a_book_and_their_shares():
    book = f"Indice\n\n1. Uno\n\n{INGREDIENTS}\n{METHOD}\n\n2. Due\n\n{METHOD}\n\n3. Tre\n\nNo.\n"
    assert list(map(len, recipes(book))) == [len(text) for text in recipes(book)]
    assert "".join(recipes(book)) == book[len("Indice") :]
    assert shares(recipes(book)) == {
        "title": 1.0,
        "ingredients": pytest.approx(1 / 3),
        "method": pytest.approx(2 / 3),
        "whole": pytest.approx(1 / 3),
    }


def test_artusis_own_recipes(real_text):
    fractions = shares(recipes(real_text("artusi").train))
    assert fractions["method"] > 0.98
    assert 0.4 < fractions["ingredients"] < 0.5, "the others name them in the method"

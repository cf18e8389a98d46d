"""What does not fit together is refused where it is written down."""

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.experiment import Arm, Measure

ONE = ({"units": 1},)


def measure(**changes):
    parts = {"name": "loss", "unit": "", "better": "lower", "of": lambda cell, control: 0.0}
    return Measure(**{**parts, **changes})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "No_name"}, "'No_name' is not a valid experiment name: use lower-case letters"),
        ({"name": "x-quick"}, "not ending in '-quick'"),
        ({"arms": ()}, "has no arms"),
        ({"measures": ()}, "has no measures"),
        ({"seeds": ()}, "has no seeds"),
        ({"seeds": (1, 1)}, r"has seeds twice: \[1, 1\]"),
        ({"seeds": (1.5,)}, "has 1.5 as a seed"),
        ({"seeds": (-1,)}, "has -1 as a seed"),
        ({"choice_seeds": ()}, "has arms to select and no choice_seeds"),
        ({"arms": (Arm("a", ONE), Arm("a", ONE))}, "has arms twice"),
        ({"arms": (Arm("a", ()),)}, "arm 'a' has no candidates"),
        ({"arms": (Arm("a", ONE * 2),)}, "arm 'a' has a candidate twice"),
        ({"arms": (Arm("a|b", ONE),)}, "needs a name of printable characters"),
        ({"arms": (Arm("a\n", ONE),)}, "needs a name of printable characters"),
        ({"arms": (Arm("a", ({"x": (1, 2)},)),)}, "not a flat dict of JSON"),
        ({"arms": (Arm("a", ({"x": {}},)),)}, "not a flat dict of JSON"),
        ({"arms": (Arm("a", ({"x": float("nan")},)),)}, "not a flat dict of JSON"),
        ({"arms": (Arm("a", ONE, "b"),)}, "arm 'a' has control='b': name another arm"),
        ({"arms": (Arm("a", ONE, "a"),)}, "has control='a'"),
        ({"pairs": (("nem", "nothing"),)}, r"has \('nem', 'nothing'\) as a pair: name two of"),
        ({"pairs": (("nem", "nem"),)}, "as a pair"),
        ({"arms": (Arm("a", ONE), Arm("b", ONE, "a"), Arm("c", ONE, "b"))}, "has control='b'"),
        ({"arms": (Arm("a", ONE, follows="b"),)}, "has follows='b'"),
        ({"measures": (measure(), measure())}, "has measures twice"),
        ({"measures": (measure(better="less"),)}, "better='less', not 'lower' or 'higher'"),
        ({"measures": (measure(source={"x": "1"}),)}, r"has a source for \['x'\]"),
    ],
)
def test_parts_that_do_not_fit(toy, changes, said):
    with pytest.raises(InputError, match=said) as problem:
        toy(**changes)
    assert "\n" not in str(problem.value)


def test_an_arm_that_follows_has_one_candidate(toy):
    several = ({"kind": "a"}, {"kind": "b"})
    with pytest.raises(InputError, match="follows 'nem': give it one candidate"):
        toy(arms=(Arm("nem", ONE), Arm("blind", several, follows="nem")))


def test_the_default_seeds_keras(toy):
    """What is drawn depends on the seed alone, not on what came before."""
    import keras

    set_seed = type(toy()).__dataclass_fields__["set_seed"].default
    set_seed(3)
    first = keras.ops.convert_to_numpy(keras.random.normal((2,)))
    keras.random.normal((5,))
    set_seed(3)
    assert (keras.ops.convert_to_numpy(keras.random.normal((2,))) == first).all()
    set_seed(4)
    assert (keras.ops.convert_to_numpy(keras.random.normal((2,))) != first).all()

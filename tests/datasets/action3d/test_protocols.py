"""The protocols: who is trained on, who is tested on, and which actions."""

import numpy as np
import pytest

from rnnzoo.datasets.action3d.protocols import PROTOCOLS, SELECTION
from rnnzoo.datasets.action3d.skeletons import ACTIONS, SUBJECTS

SUBJECT, ACTION = (grid.ravel() for grid in np.meshgrid(np.arange(1, 11), np.arange(20)))


@pytest.mark.parametrize("name", PROTOCOLS)
def test_nobody_is_on_both_sides(name):
    protocol = PROTOCOLS[name]
    train, test = protocol.masks(SUBJECT, ACTION)
    assert not (train & test).any()
    assert (train | test).sum() == 10 * len(protocol.actions)
    assert set(ACTION[train]) == set(ACTION[test]) == set(protocol.actions)


def test_the_splits_are_those_of_the_loader():
    assert set(SELECTION.train) == set(SUBJECTS["train"])
    assert set(SELECTION.test) == set(SUBJECTS["validation"])
    assert set(PROTOCOLS["odd"].test) == set(SUBJECTS["test"])


def test_the_action_sets():
    sets = [
        {ACTIONS[action] for action in PROTOCOLS[name].actions} for name in ("as1", "as2", "as3")
    ]
    assert [len(names) for names in sets] == [8, 8, 8]
    assert set.union(*sets) == set(ACTIONS)
    assert {"hammer", "bend"} <= sets[0]
    assert {"draw x", "draw tick", "draw circle"} <= sets[1]
    assert {"side kick", "jogging", "golf swing"} <= sets[2]

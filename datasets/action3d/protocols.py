"""The protocols by which classifiers of MSR Action3D are compared, split by subject.

Papers mix three: odd subjects against even ones, all twenty actions; the mean of the same in three
sets of eight actions each (Li et al. 2010, AS1 to AS3); and subjects 1 to 5 against 6 to 10.
"""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.action3d.skeletons import ACTIONS, SUBJECTS

ODD, EVEN = (1, 3, 5, 7, 9), (2, 4, 6, 8, 10)
ALL = tuple(range(len(ACTIONS)))


@dataclass(frozen=True)
class Protocol:
    """Subjects to train on and to test on, and the actions.

    Args:
        train, test: tuple of int, subjects.
        actions: tuple of int, indices in `ACTIONS`.
    """

    train: tuple
    test: tuple
    actions: tuple = ALL

    def masks(self, subject, action):
        """(training mask, test mask) of sequences, bool arrays.

        Args:
            subject, action: int arrays (sequences,).
        """
        chosen = np.isin(action, self.actions)
        return chosen & np.isin(subject, self.train), chosen & np.isin(subject, self.test)


PROTOCOLS = {
    "odd": Protocol(ODD, EVEN),
    "as1": Protocol(ODD, EVEN, (1, 2, 4, 5, 9, 12, 17, 19)),
    "as2": Protocol(ODD, EVEN, (0, 3, 6, 7, 8, 10, 11, 13)),
    "as3": Protocol(ODD, EVEN, (5, 13, 14, 15, 16, 17, 18, 19)),
    "first": Protocol((1, 2, 3, 4, 5), (6, 7, 8, 9, 10)),
}

# The settings of a classifier are selected among the training subjects.
SELECTION = Protocol(SUBJECTS["train"], SUBJECTS["validation"])

"""What the experiments on MSR Action3D learn from and are judged by, split by subject."""


def actions(phase, read):
    """(training, held out), each (features, one-hot actions).

    Args:
        phase: `"validation"`: subjects 7 and 9 are held out of the published training subjects;
            `"test"`: trained on all of those, judged on subjects 2, 4, 6, 8, 10.
        read: function from the joints of all sequences to their features, an array.
    """
    import numpy as np

    from rnnzoo.datasets.action3d.load import load_action3d
    from rnnzoo.datasets.action3d.skeletons import ACTIONS

    def arrays(split):
        data = load_action3d(split)
        return read(data.joints), np.eye(len(ACTIONS), dtype="float32")[data.action]

    if phase == "validation":
        return arrays("train"), arrays("validation")
    return arrays("train+validation"), arrays("test")

"""MSR Action3D split by subject: training and held-out data of a phase."""


def actions_by_subject(phase, features):
    """Returns (training, held out), each (features, one-hot actions).

    Args:
        phase: `"validation"`: subjects 7 and 9 are held out of the published training subjects;
            `"test"`: trained on all of those, evaluated on subjects 2, 4, 6, 8, 10.
        features: function from the joints of all sequences to their features, an array.
    """
    import numpy as np

    from rnnzoo.datasets.action3d.load import load_action3d
    from rnnzoo.datasets.action3d.skeletons import ACTIONS

    def arrays(split):
        data = load_action3d(split)
        return features(data.joints), np.eye(len(ACTIONS), dtype="float32")[data.action]

    if phase == "validation":
        return arrays("train"), arrays("validation")
    return arrays("train+validation"), arrays("test")

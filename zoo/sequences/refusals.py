"""Why features are refused: templates of the messages of readers and `SequenceClassifier`, and of
its exported graph.
"""

SHAPE = "features have shape {shape}: give (time, {features}), one step or more"
NOT_FINITE = "features have values that are not finite: give numbers"
ALL_ZEROS = "all features of a sequence are zeros: there is nothing to classify"

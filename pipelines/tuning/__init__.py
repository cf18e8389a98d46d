"""Chooses the settings of a training on the validation split, see `rnnzoo.pipelines.tuning.tune`.

A recipe's search space (`search_space`) has the choices of each setting. Keras Tuner draws from it
(`tuner`), a trial is a training of the family (`trial`), and a journal (`journal`) has the trials
that are complete.
"""

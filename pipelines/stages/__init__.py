"""The ten stages from data to a pushed model, one module per stage.

example_gen -> statistics_gen -> schema_gen -> example_validator -> transform ->
distribution_validator -> trainer -> evaluator -> infra_validator -> pusher

A stage is a function named after its artifact. It is the same for all families: what differs is in
the methods of `rnnzoo.pipelines.core.family.Family`.
"""

from rnnzoo.pipelines.stages.distribution_validator import distributions
from rnnzoo.pipelines.stages.evaluator import evaluation
from rnnzoo.pipelines.stages.example_gen import examples
from rnnzoo.pipelines.stages.example_validator import anomalies
from rnnzoo.pipelines.stages.infra_validator import infra
from rnnzoo.pipelines.stages.schema_gen import schema
from rnnzoo.pipelines.stages.statistics_gen import statistics
from rnnzoo.pipelines.stages.trainer import model
from rnnzoo.pipelines.stages.transform import transformed

# From the data to the dataset of `Family.dataset`.
PREPARING = [examples, statistics, schema, anomalies, transformed]

# All but the Pusher, which is not cached.
STAGES = [*PREPARING, distributions, model, evaluation, infra]

"""Where to find what the pipeline asks of a family: one package a task.

A package has these modules, each imported when it is first needed:

    family        what `rnnzoo.pipelines.pipeline` asks: its stages, its data, its words
    finetune      what `rnnzoo.pipelines.finetune` asks
    signatures    what `rnnzoo.pipelines.export.saved_model` asks

`rnnzoo.pipelines.families.text` is the example; the three that ask say what a module has to have.
"""

import importlib

from rnnzoo.families import families


def module_of(task, part):
    """A module of a task's family.

    Args:
        task: str, such as `"TextGenerator"`.
        part: str, `"family"`, `"finetune"` or `"signatures"`.
    """
    module = families()[task].pipeline.partition(":")[0]
    return importlib.import_module(f"{module.rpartition('.')[0]}.{part}")


def stages_of(data_stages, model_stages):
    """The first eight stages of a family, in their order.

    Args:
        data_stages, model_stages: modules with a `Stage` of each name.
    """
    of_data = ("examples", "statistics", "schema", "anomalies", "transformed")
    of_model = ("model", "evaluation", "infra")
    pairs = [(data_stages, name) for name in of_data] + [(model_stages, name) for name in of_model]
    return [getattr(module, name) for module, name in pairs]

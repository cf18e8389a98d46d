"""Every family has what the pipeline, the fine-tuning, the export and the cards ask of it."""

import inspect

import pytest

from rnnzoo.families import families
from rnnzoo.pipelines.core.families import module_of

ASKED = {
    "family": {
        "complete": ["settings"],
        "own_data": ["settings"],
        "given_data": ["path", "settings"],
        "source": ["settings"],
        "data_sha256": ["card"],
        "pushed": ["made", "settings", "root", "words"],
    },
    "finetune": {
        "read": ["path", "base"],
        "finetuned": ["model", "data", "words", "seed", "fit"],
    },
    "signatures": {"endpoints": ["model"]},
}


@pytest.mark.parametrize("part", ASKED)
@pytest.mark.parametrize("task", families())
def test_a_family_has_the_functions(task, part):
    module = module_of(task, part)
    for name, arguments in ASKED[part].items():
        assert list(inspect.signature(getattr(module, name)).parameters) == arguments, name


@pytest.mark.parametrize("task", families())
def test_eight_stages_and_the_one_that_judges(task):
    family = module_of(task, "family")
    assert len(family.STAGES) == 8
    assert family.DATA
    by_name = {one.name: one for one in family.STAGES}
    assert "last_pushed" in by_name["evaluation"].needs

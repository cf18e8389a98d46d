"""The TFX pipeline of a model as an IR spec, which Kubeflow Pipelines and Vertex AI run."""

import json
from pathlib import Path

from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.tfx.available import check_tfx
from rnnzoo.pipelines.tfx.settings import settings_of

EXTRA = "kfp"


def compile_pipeline(name, path, pipeline_root, image, root=None, data=None, **options):
    """Writes the spec; nothing is run.

    Args:
        name, root, data: see `rnnzoo.pipelines.tfx.pipeline`. Containers read the cache and write
            to the folder of models by the same paths as this machine: mount them there.
        path: path of the file to write, .json or .yaml.
        pipeline_root: str, the folder of TFX's artifacts, as containers see it.
        image: str, a container image with rnnzoo and the extra `tfx`.
        **options: see `settings_of`.

    Returns:
        Path of the file.

    Raises:
        InputError: TFX or kfp is missing, an argument is, or the file cannot be written.
    """
    check_tfx()
    path = writable(path, ".json", ".yaml")
    for option, value in (("--image", image), ("--pipeline-root", pipeline_root)):
        if not value:
            raise InputError(f"{option} is missing: give one that the cluster knows")
    try:
        import kfp
    except ImportError:
        raise InputError(f"--compile needs kfp: pip install 'rnnzoo[{EXTRA}]'") from None
    del kfp
    from tfx import v1 as tfx

    from rnnzoo.pipelines.tfx.graph import build

    kubeflow = tfx.orchestration.experimental
    pipeline = build(settings_of(name, data, root, **options), pipeline_root, store=False)
    # The only version that Kubeflow Pipelines accepts; TFX writes 2.0 by default.
    config = kubeflow.KubeflowV2DagRunnerConfig(default_image=image, use_pipeline_spec_2_1=True)
    with atomic_file(Path(path)) as partial:
        runner = kubeflow.KubeflowV2DagRunner(
            config, output_dir=str(partial.parent), output_filename=partial.name
        )
        runner.run(pipeline)
        if partial.suffix.lower() != ".json":  # in which TFX leaves out the root
            with open(partial, "a", encoding="utf-8") as file:
                file.write(f"defaultPipelineRoot: {json.dumps(str(pipeline_root))}\n")
    return path

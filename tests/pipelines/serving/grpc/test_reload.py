"""HandleReloadConfigRequest: versions and labels by a client of `tensorflow-serving-api`."""

import hashlib
import shutil

import grpc
import pytest
from tensorflow_serving.apis.model_management_pb2 import ReloadConfigRequest

from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.pipelines.serving.access.key_file import KeyFile
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.models.configured import Poller

Code = grpc.StatusCode


@pytest.fixture
def engine(tmp_path, small_model):
    """An engine whose configuration has the versions 1 and 2 of a small model."""
    for number in (1, 2):
        folder = shutil.copytree(small_model[0], tmp_path / f"sonnets-lstm/{number}")
        card = (folder / "card.json").read_text()
        (folder / "card.json").write_text(card.replace('"version": 1', f'"version": {number}'))
        write_manifest(folder)
    path = tmp_path / "models.toml"
    path.write_text('[[models]]\nname = "sonnets"\nbase_path = "sonnets-lstm"\n')
    engine = Engine({})
    Poller(path, engine).poll()
    return engine


def reload_request(name="sonnets", versions=(), labels=(), base_path="", latest=0):
    request = ReloadConfigRequest()
    model = request.config.model_config_list.config.add(name=name, base_path=base_path)
    model.model_version_policy.latest.num_versions = latest
    if versions:
        model.model_version_policy.specific.versions.extend(versions)
    model.version_labels.update(dict(labels))
    return request


def test_versions_and_labels_are_those_of_the_request(engine, serving_both, grpc_client_at):
    with serving_both(engine) as (_, address), grpc_client_at(address) as client:

        def predicted(**spec):
            request = client.request_of("sonnets", text=["a"])
            for field, value in spec.items():
                setattr(request.model_spec, field, value)
            return client.prediction.Predict(request, timeout=60).model_spec.version.value

        assert predicted() == 2
        request = reload_request(versions=[1, 2], labels={"stable": 1})
        response = client.models.HandleReloadConfigRequest(request, timeout=60)
        assert response.status.error_code == 0
        assert (predicted(), predicted(version_label="stable")) == (2, 1)
        client.models.HandleReloadConfigRequest(reload_request(versions=[1]), timeout=60)
        assert predicted() == 1
        for wrong, message in (
            (reload_request(versions=[9]), "version 9 of sonnets cannot be loaded"),
            (reload_request(versions=[1], labels={"stable": 9}), "labels.stable = 9 is none of"),
            (reload_request(labels={"stable": 9}), "label stable of sonnets: version 9 is not"),
            (reload_request(base_path="."), "sonnets: base_path has to be that of models.toml"),
            (reload_request("other-lstm", base_path="sonnets-lstm"), "base_path has to be"),
            (reload_request(latest=2), "num_versions=2: give 1, or specific versions"),
            (reload_request(labels={"a b": 1}), "label 'a b': use up to 64 letters"),
            (ReloadConfigRequest(), "config has no model_config_list"),
        ):
            with pytest.raises(grpc.RpcError) as refused:
                client.models.HandleReloadConfigRequest(wrong, timeout=60)
            assert refused.value.code() == Code.INVALID_ARGUMENT
            assert message in refused.value.details()
            assert predicted() == 1, "what is refused leaves the versions that are served"


def test_a_key_has_to_have_the_right(engine, serving_both, grpc_client_at, tmp_path):
    path = tmp_path / "keys.toml"
    path.touch(0o600)
    sums = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("user", "operator")}
    path.write_text(
        f'[[keys]]\nname = "user"\nsha256 = "{sums["user"]}"\n'
        f'[[keys]]\nname = "operator"\nsha256 = "{sums["operator"]}"\nmay_configure = true\n'
    )
    addresses = serving_both(engine, KeyFile(path))
    with addresses as (_, address), grpc_client_at(address) as client:

        def reload(key):
            metadata = (("x-api-key", key),)
            request = reload_request(versions=[1])
            return client.models.HandleReloadConfigRequest(request, timeout=60, metadata=metadata)

        with pytest.raises(grpc.RpcError) as refused:
            reload("user")
        assert refused.value.code() == Code.PERMISSION_DENIED
        assert refused.value.details() == "the key user may not configure models"
        assert reload("operator").status.error_code == 0

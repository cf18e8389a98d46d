import pytest

from rnnzoo.pipelines.core.given import keep


def test_a_file_appears_whole_or_not_at_all_and_stays(tmp_path):
    path = tmp_path / "kept/data.bin"

    def broken(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep(path, broken)
    assert not list(path.parent.iterdir())
    keep(path, lambda file: file.write(b"whole"))
    keep(path, lambda file: file.write(b"other"))
    assert [(one.name, one.read_bytes()) for one in path.parent.iterdir()] == [
        ("data.bin", b"whole")
    ]

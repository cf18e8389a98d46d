from rnnzoo.pipelines.beam.whole_file import write_whole


def test_content_is_on_the_disk_before_its_name_and_the_name_after(tmp_path, disk_calls):
    path = tmp_path / "features/clip.npz"
    write_whole(str(path), b"content")
    (first, partial), (second, renamed), (third, folder) = disk_calls
    assert (first, second, third) == ("fsync", "replace", "fsync")
    assert partial == renamed and partial.parent == folder == path.parent
    assert path.read_bytes() == b"content" and list(folder.iterdir()) == [path]


def test_a_file_of_that_name_is_replaced(tmp_path):
    for content in (b"first", b"second"):
        write_whole(str(tmp_path / "sums.gz"), content)  # which Beam would compress by its suffix
    assert (tmp_path / "sums.gz").read_bytes() == b"second"


def test_other_file_systems_rename_by_beam(tmp_path, monkeypatch, disk_calls):
    from apache_beam.io.filesystems import FileSystems

    monkeypatch.setattr(FileSystems, "get_filesystem", lambda path: None)
    renames = []
    monkeypatch.setattr(FileSystems, "create", lambda path, **_: open(tmp_path / "part", "wb"))
    monkeypatch.setattr(FileSystems, "rename", lambda *pairs: renames.append(pairs))
    write_whole("gs://bucket/sums.npz", b"content")
    (((partial,), (path,)),) = renames
    assert path == "gs://bucket/sums.npz" and partial.startswith(path)
    assert not disk_calls and (tmp_path / "part").read_bytes() == b"content"

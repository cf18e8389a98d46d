from rnnzoo.pipelines.stages.number_statistics import read_numbers, write_numbers


def test_there_and_back(tmp_path):
    write_numbers(tmp_path, {"train": (2, {"a": [1, 3]}), "test": (1, {"a": [5]})})
    found = read_numbers(tmp_path)
    train = found["train"]["a"]
    assert (train.min, train.max, train.mean, train.std_dev) == (1, 3, 2, 1)
    assert train.common_stats.num_non_missing == 2
    assert found["test"]["a"].mean == 5

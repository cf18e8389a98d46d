"""Frames of one's own: each kind of file, and each way in which one is refused."""

import numpy as np
import pytest
from PIL import Image

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.reader import read_frames

# Two sequences of three frames of 4 x 5 pixels, in the steps of 8 bits, and of four.
WHOLE = np.random.default_rng(1).integers(0, 256, (2, 3, 4, 5)).astype("uint8")
FRAMES = WHOLE.astype("float32") / 255
WHOLE_4, FRAMES_4 = WHOLE[:, [0, 1, 2, 1]], FRAMES[:, [0, 1, 2, 1]]


def save_images(folder, frames, suffix=".png"):
    folder.mkdir(parents=True, exist_ok=True)
    for i, frame in enumerate(frames):
        Image.fromarray(frame).save(folder / f"frame{i}{suffix}")
    return folder


def save_gif(path, frames):
    first, *others = map(Image.fromarray, frames)
    first.save(path, save_all=True, append_images=others, duration=100)
    return path


def save_array(path, array):
    np.save(path, array, allow_pickle=True)
    return path


def refused(path, *arguments, **named):
    with pytest.raises(InputError) as error:
        read_frames(path, *arguments, **named)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    "array, expected",
    [
        (WHOLE_4, FRAMES_4),
        (WHOLE_4[0], FRAMES_4[:1]),
        (WHOLE_4.astype(">i4"), FRAMES_4),
        (WHOLE_4 > 99, WHOLE_4 > 99),
        ((WHOLE_4 > 99).astype("uint8"), WHOLE_4 > 99),
        (FRAMES_4, FRAMES_4),
        (np.asfortranarray(FRAMES_4.astype("float64")), FRAMES_4),
        (FRAMES_4.astype("float16"), FRAMES_4.astype("float16")),
        (np.full((2, 2, 2), [[[-1e-9, 1 + 1e-9]]]), np.full((1, 2, 2, 2), [[[[0, 1]]]])),
    ],
)
def test_numpy_files(array, expected, tmp_path):
    result = read_frames(save_array(tmp_path / "a.npy", array), array.shape[-2:], least=2)
    np.testing.assert_array_equal(result, expected.astype("float32"))
    assert result.dtype == "float32" and result.flags.writeable


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".gif", ".PNG"])
def test_a_folder_of_images(suffix, tmp_path):
    folder = save_images(tmp_path / "balls", WHOLE[0], suffix)
    (folder / ".DS_Store").write_bytes(b"hidden")
    result = read_frames(folder, (4, 5))
    np.testing.assert_array_equal(result, FRAMES[:1])
    assert result.dtype == "float32"
    np.testing.assert_array_equal(read_frames(str(folder)), result)


def test_a_folder_of_jpegs(tmp_path):
    frames = np.full((3, 16, 16), np.array([0, 100, 255])[:, None, None], "uint8")
    result = read_frames(save_images(tmp_path, frames, ".jpg"))
    np.testing.assert_allclose(result[0], frames / 255, atol=0.01)


def test_names_are_in_natural_order(tmp_path):
    levels = {
        "frame10.png": 4,
        "Frame2.png": 3,
        "frame1.png": 1,
        "frame01.png": 0,
        "frame1b.png": 2,
    }
    for name, level in levels.items():
        Image.fromarray(np.full((2, 2), level, "uint8")).save(tmp_path / name)
    result = np.round(255 * read_frames(tmp_path)[0, :, 0, 0]).tolist()
    assert result == [0, 1, 2, 3, 4]


def test_sub_folders_are_a_sequence_each(tmp_path):
    save_images(tmp_path / "movie10", WHOLE[1])
    save_images(tmp_path / "movie9", WHOLE[0])
    np.testing.assert_array_equal(read_frames(tmp_path, (4, 5), 3), FRAMES)


def test_a_gif_and_a_folder_of_them(tmp_path):
    gif = save_gif(tmp_path / "1.gif", WHOLE[0])
    np.testing.assert_array_equal(read_frames(gif, (4, 5)), FRAMES[:1])
    save_gif(tmp_path / "2.GIF", WHOLE[1])
    np.testing.assert_array_equal(read_frames(tmp_path), FRAMES)


def test_frames_of_a_gif_are_whole(tmp_path):
    # One pixel changes at a time: the file holds that pixel alone, or the rest as transparent.
    frames = np.zeros((6, 8, 8), "uint8")
    for i in range(1, 6):
        frames[i:, i, i] = 40 * i
    for optimize in (True, False):
        images = [Image.fromarray(frame) for frame in frames]
        path = tmp_path / f"{optimize}.gif"
        images[0].save(path, save_all=True, append_images=images[1:], optimize=optimize)
        np.testing.assert_array_equal(read_frames(path)[0], frames.astype("float32") / 255)


def test_what_is_grey(tmp_path):
    def shade(image):
        image.save(tmp_path / "a.png")
        return read_frames(tmp_path, least=1)[0, 0, 0, 0]

    colour = (200, 100, 50)
    luminance = pytest.approx((0.299 * 200 + 0.587 * 100 + 0.114 * 50) / 255, abs=0.003)
    assert shade(Image.new("RGB", (2, 2), colour)) == luminance
    assert shade(Image.new("RGB", (2, 2), colour).quantize()) == luminance
    assert shade(Image.new("RGBA", (2, 2), (*colour, 255))) == luminance
    assert shade(Image.new("RGBA", (2, 2), (*colour, 0))) == 0
    assert shade(Image.new("LA", (2, 2), (255, 51))) == pytest.approx(0.2, abs=0.003)
    assert shade(Image.new("1", (2, 2), 1)) == 1
    deep = np.full((2, 2), 13107, "uint16")
    assert shade(Image.fromarray(deep)) == pytest.approx(0.2)


def test_a_photograph_is_upright(tmp_path):
    image, exif = Image.new("L", (16, 8)), Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    image.save(tmp_path / "a.jpg", exif=exif)
    assert read_frames(tmp_path, (16, 8), least=1).shape == (1, 1, 16, 8)


def test_a_path_that_holds_no_frames(tmp_path):
    missing = refused(tmp_path / "none.npy")
    assert "does not exist: give an .npy file, a GIF or a folder" in missing
    assert "cannot be read: File name too long" in refused(tmp_path / ("a" * 300))
    assert "cannot be read: embedded null byte" in refused("a\0b")
    (tmp_path / "link").symlink_to("gone")
    assert f"link is a link to {tmp_path / 'gone'}, which does not" in refused(tmp_path / "link")
    (tmp_path / "link").unlink()
    text = tmp_path / "frames.txt"
    text.write_text("0 1")
    assert f"{text} is of no known type: give an .npy" in refused(text)
    (tmp_path / "empty").mkdir()
    assert "empty is empty: give a folder of images (.png" in refused(tmp_path / "empty")
    Image.new("L", (2, 2)).save(tmp_path / "one.png")
    assert "one.png is of no known type: give" in refused(tmp_path / "one.png")


@pytest.mark.parametrize(
    "array, said",
    [
        (np.zeros((3, 4)), "has shape (3, 4): give (steps, height, width) or (sequences, steps"),
        (np.zeros((1, 2, 3, 4, 2)), "has shape (1, 2, 3, 4, 2): give (steps, height, width) or"),
        (np.zeros((1, 2, 3, 4, 1)), "has frames of 3 x 4 pixels (height x width): give 4 x 4"),
        (
            np.zeros((6, 3, 4, 4)),
            "has shape (6, 3, 4, 4), 6 colour frames of 4 x 4 pixels or 6 seq",
        ),
        (np.zeros(()), "has shape ()"),
        (np.zeros((0, 4, 4)), "has shape (0, 4, 4)"),
        (np.zeros((3, 4, 4), complex), "holds complex128: give bool, whole numbers"),
        (np.full((3, 4, 4), "a"), "holds <U1: give bool"),
        (np.full((3, 4, 4), None), "is no .npy file of numbers"),
        (np.full((3, 4, 4), np.nan), "has the value nan at (0, 0, 0): give floats from 0 to 1"),
        (np.full((3, 4, 4), [0, 1, 1, 1.5]), "has the value 1.5 at (0, 0, 3): give floats"),
        (np.full((3, 4, 4), [0, 0, -0.1, 0]), "has the value -0.1 at (0, 0, 2)"),
        (np.full((3, 4, 4), np.inf, "float16"), "has the value inf at"),
        (np.full((3, 4, 4), 256), "has the value 256 at (0, 0, 0)"),
        (np.full((3, 4, 4), -1, "int8"), "has the value -1 at (0, 0, 0)"),
        (np.zeros((3, 4, 6)), "has frames of 4 x 6 pixels (height x width): give 4 x 4, nothing"),
        (np.zeros((3, 1, 4, 4)), "has 1 frame per sequence: give at least 3"),
        (np.zeros((2, 4, 4)), "has 2 frames per sequence: give at least 3"),
    ],
)
def test_arrays_that_are_refused(array, said, tmp_path):
    path = save_array(tmp_path / "a.npy", array)
    assert f"{path} {said}" in refused(path, (4, 4), least=3)


def test_files_that_are_no_arrays(tmp_path):
    path = tmp_path / "a.npy"
    whole = save_array(path, FRAMES_4).read_bytes()
    huge = whole.replace(b"(2, 4, 4, 5), }      ", b"(99999999, 9, 9, 9), }", 1)[: len(whole)]
    for content in (b"", b"text", whole[:50]):
        path.write_bytes(content)
        assert f"{path} is no .npy file of numbers: give bool, " in refused(path)
    for content in (whole[:-1], huge):
        path.write_bytes(content)
        assert f"{path} claims the shape (" in refused(path)
    with open(path, "wb") as file:
        np.savez(file, FRAMES)
    assert f"{path} is no .npy file of numbers: give bool, " in refused(path)


@pytest.mark.parametrize("name", ["frame1.png", "frame1.gif", "frame1.jpg", "frame1.bmp"])
def test_images_that_cannot_be_read(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(b"none")
    assert f"{path} is no image: give PNG, JPEG, BMP, GIF" in refused(tmp_path)
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64)).astype("uint8")).save(path)
    path.write_bytes(path.read_bytes()[:1500])
    assert f"{path} cannot be read as an image: " in refused(tmp_path)


def test_other_decoders_of_pillow_are_not_run(tmp_path):
    Image.new("L", (4, 4)).save(tmp_path / "frame1.png", "TIFF")
    assert "frame1.png is no image" in refused(tmp_path)


def test_gifs_that_are_refused(tmp_path):
    path = tmp_path / "a.gif"
    save_gif(path, WHOLE[0, :1])
    assert f"{path} has 1 frame per sequence: give at least 2" in refused(path)
    Image.new("L", (4, 4)).save(path, "JPEG")
    assert f"{path} has 1 frame per sequence: give at least 2" in refused(path)
    save_gif(path, WHOLE[0])
    assert "has frames of 4 x 5 pixels (height x width): give 18 x 18" in refused(path, (18, 18))
    path.write_bytes(path.read_bytes()[:-200])
    assert str(path) in refused(path)


def test_folders_whose_sizes_differ(tmp_path):
    folder = save_images(tmp_path / "a", WHOLE[0])
    assert "frame0.png has frames of 4 x 5 pixels (height x width): give 5 x 4" in refused(
        folder, (5, 4)
    )
    Image.new("L", (4, 4)).save(folder / "frame3.png")
    said = refused(folder)
    assert f"{folder / 'frame3.png'} has frames of 4 x 4 pixels and " in said
    assert f"{folder / 'frame0.png'} of 4 x 5 (height x width)" in said


def test_folders_that_are_refused(tmp_path):
    folder = save_images(tmp_path / "a", WHOLE[0])
    assert "has 3 frames per sequence: give at least 4" in refused(folder, least=4)
    (folder / "notes.txt").write_text("by hand")
    assert f"{folder / 'notes.txt'} is no image: a folder of frames holds .png" in refused(folder)
    (folder / "notes.txt").unlink()
    save_gif(folder / "movie.gif", WHOLE[1])
    assert f"{folder} holds movie.gif, a sequence, and frame0.png, which is none" in refused(folder)
    assert "movie.gif has 3 frames: give one image per frame" in refused(tmp_path)
    (folder / "movie.gif").unlink()
    save_images(tmp_path / "b", WHOLE[1, :2])
    assert f"{tmp_path / 'b'} has 2 frames and {folder} has 3: give the same" in refused(tmp_path)
    save_images(tmp_path / "b", WHOLE[1, :, :3])
    said = f"{tmp_path / 'b'} has frames of 3 x 5 pixels and {folder} of 4 x 5"
    assert said in refused(tmp_path)
    save_images(tmp_path / "b" / "c", WHOLE[1])
    assert f"{tmp_path / 'b' / 'c'} is no image" in refused(tmp_path)


def test_an_animated_png_is_no_frame(tmp_path):
    images = [Image.fromarray(frame) for frame in WHOLE[0]]
    images[0].save(tmp_path / "a.png", save_all=True, append_images=images[1:])
    assert "a.png has 3 frames: give one image per frame" in refused(tmp_path)


@pytest.mark.parametrize("most", [7, 15])  # Pillow refuses from twice as many, and warns of others
def test_a_decompression_bomb(most, tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", most)
    folder, path = save_images(tmp_path / "a", WHOLE[0]), save_gif(tmp_path / "a.gif", WHOLE[0])
    said = f"is too large: give an image of at most {most} pixels"
    assert f"{folder / 'frame0.png'} {said}" in refused(folder)
    assert f"{path} {said}" in refused(path)

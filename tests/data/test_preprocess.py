# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Reading, foreground and framing of images."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from list_fast.data import preprocess
from list_fast.data.foreground import find_foreground
from list_fast.data.preprocess import FRAME_FILL, ImageError, frame_image, read_image


def disc(size=(90, 70), box=(20, 10, 50, 60), colour=(180, 40, 30), background=(255, 255, 255)):
    image = Image.new("RGB", size, background)
    ImageDraw.Draw(image).ellipse(box, fill=colour)
    return image


def truth(size=(90, 70), box=(20, 10, 50, 60)):
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    return np.asarray(mask) > 0


def overlap(a, b):
    return (a & b).sum() / (a | b).sum()


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
@pytest.mark.parametrize("background", [(255, 255, 255), (20, 60, 20)])
def test_plain_background_is_told_from_the_object(tmp_path, suffix, background):
    path = tmp_path / f"disc.{suffix}"
    disc(background=background).save(path, quality=90)
    coverage, method = find_foreground(np.asarray(read_image(path)))
    assert method == "plain background"
    assert overlap(coverage > 0.5, truth()) > 0.9


def test_alpha_wins_over_colour():
    image = disc(background=(180, 40, 30)).convert("RGBA")
    image.putalpha(Image.fromarray(truth().astype(np.uint8) * 255))
    coverage, method = find_foreground(np.asarray(image))
    assert method == "alpha"
    np.testing.assert_array_equal(coverage > 0.5, truth())


def test_specks_of_alpha_are_left_out():
    """As removers of backgrounds leave them: the frame would span them."""
    image = disc(background=(180, 40, 30)).convert("RGBA")
    alpha = truth().astype(np.uint8) * 255
    alpha[1, 1] = 255
    image.putalpha(Image.fromarray(alpha))
    coverage, method = find_foreground(np.asarray(image))
    assert method == "alpha"
    np.testing.assert_array_equal(coverage > 0.5, truth())


def test_opaque_alpha_counts_as_none():
    assert find_foreground(np.asarray(disc().convert("RGBA")))[1] == "plain background"


def test_alpha_of_rounded_corners_counts_as_none():
    alpha = Image.new("L", (90, 70), 0)
    ImageDraw.Draw(alpha).rounded_rectangle((0, 0, 89, 69), 12, fill=255)
    image = disc().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 90, 70), Image.eval(alpha, lambda value: 255 - value))
    coverage, method = find_foreground(np.asarray(image))
    assert method == "plain background" and overlap(coverage > 0.5, truth()) > 0.9
    # One corner alone, or an edge, is the background of a cut-out that fills its picture.
    for clear in ((0, 0, 12, 12), (0, 0, 90, 3)):
        cut_out = disc().convert("RGBA")
        cut_out.paste((0, 0, 0, 0), clear)
        assert find_foreground(np.asarray(cut_out))[1] == "alpha"


def test_background_seen_through_a_hole_is_background():
    image = disc(box=(10, 5, 70, 65))
    ImageDraw.Draw(image).rectangle((35, 25, 50, 45), fill=(255, 255, 255))
    coverage, _ = find_foreground(np.asarray(image))
    assert coverage[35, 42] == 0 and coverage[35, 20] == 1


def test_cluttered_background_is_segmented():
    rng = np.random.default_rng(0)
    noise = rng.integers(60, 140, (120, 160, 3)).astype(np.uint8)
    noise[..., 1] += 60
    image = Image.fromarray(noise)
    ImageDraw.Draw(image).ellipse((50, 30, 110, 95), fill=(220, 30, 40))
    coverage, method = find_foreground(np.asarray(image))
    assert method == "segmentation"
    assert overlap(coverage > 0.5, truth((160, 120), (50, 30, 110, 95))) > 0.8


def test_letterbox_bars_do_not_hide_the_object():
    rng = np.random.default_rng(1)
    noise = np.zeros((140, 160, 3), np.uint8)
    noise[20:120] = rng.integers(60, 200, (100, 160, 3))
    image = Image.fromarray(noise)
    ImageDraw.Draw(image).ellipse((50, 40, 110, 105), fill=(250, 250, 0))
    coverage, _ = find_foreground(np.asarray(image))
    assert coverage[:20].max() == 0 and coverage[120:].max() == 0


@pytest.mark.parametrize("size", [(90, 70), (700, 500), (40, 30)])
def test_object_is_centred_and_fills_the_frame(size):
    box = tuple(round(v * size[0] / 90) for v in (20, 10, 50, 60))
    framed = frame_image(disc(size, box))
    assert framed.pixels.shape == (224, 224, 3) and framed.pixels.dtype == np.float32
    assert 0 <= framed.pixels.min() and framed.pixels.max() <= 1
    rows, columns = np.flatnonzero((framed.alpha > 0.5).any(1)), np.flatnonzero((framed.alpha > 0.5).any(0))
    assert abs((rows[-1] - rows[0] + 1) - FRAME_FILL * 224) <= 8
    assert abs((rows[-1] + rows[0]) / 2 - 111.5) <= 4 and abs((columns[-1] + columns[0]) / 2 - 111.5) <= 4
    np.testing.assert_allclose(framed.pixels[0, 0], 1.0)  # background becomes white
    np.testing.assert_allclose(framed.pixels[112, 112], np.array([180, 40, 30]) / 255, atol=0.02)


def test_object_may_touch_the_rim():
    framed = frame_image(disc(box=(-30, 10, 40, 60)))
    assert framed.alpha.max() == 1 and framed.method == "plain background"


def test_given_mask_is_used():
    mask = Image.fromarray(truth().astype(np.uint8) * 255)
    framed = frame_image(disc(background=(180, 40, 30)), mask)
    assert framed.method == "mask"
    np.testing.assert_allclose(framed.pixels[112, 112], np.array([180, 40, 30]) / 255, atol=0.02)
    with pytest.raises(ImageError, match="mask must have the picture's size 90 x 70, got 30x20"):
        frame_image(disc(), np.ones((20, 30)))
    with pytest.raises(ImageError, match="mask is empty"):
        frame_image(disc(), np.zeros((70, 90)))
    with pytest.raises(ImageError, match="mask must hold finite numbers"):
        frame_image(disc(), np.full((70, 90), np.nan))


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int32", "float32"])
def test_masks_of_any_depth_are_cut_at_half_of_their_range(kind):
    top = {"uint8": 255, "uint16": 65535, "int32": 70000, "float32": 0.9}[kind]
    ramp = (np.linspace(0, 1, 90) * top).astype(kind) * np.ones((70, 1), kind)
    expected, framed = frame_image(disc(), ramp), frame_image(disc(), Image.fromarray(ramp))
    assert framed.box == expected.box and framed.box[2] == pytest.approx(70 / FRAME_FILL)
    assert np.array_equal(framed.pixels, expected.pixels)


def test_orientation_tag_of_an_open_mask_is_honoured(tmp_path):
    tag = Image.Exif()
    tag[0x0112] = 3
    disc().save(tmp_path / "a.png", exif=tag)
    Image.fromarray(truth()).save(tmp_path / "mask.png", exif=tag)
    with Image.open(tmp_path / "a.png") as image, Image.open(tmp_path / "mask.png") as mask:
        framed = frame_image(image, mask)
    expected = frame_image(read_image(tmp_path / "a.png"), read_image(tmp_path / "mask.png"))
    assert framed.box == expected.box and np.array_equal(framed.pixels, expected.pixels)


def test_want_of_memory_is_told_as_such(monkeypatch):
    def find(image):
        error = cv2.error("OpenCV: Failed to allocate 3600000000 bytes")
        error.code, error.err = cv2.Error.StsNoMem, "Failed to allocate 3600000000 bytes"
        raise error

    monkeypatch.setattr(preprocess, "find_foreground", find)
    with pytest.raises(MemoryError, match="Failed to allocate 3600000000 bytes"):
        frame_image(disc())


def test_transparent_picture_has_no_object():
    with pytest.raises(ImageError, match="no object found"):
        frame_image(Image.new("RGBA", (50, 50), (200, 0, 0, 0)))


@pytest.mark.parametrize("colour", ["white", "black", "grey", "red"])
def test_picture_of_one_colour_has_no_object(colour):
    with pytest.raises(ImageError, match="no object found"):
        frame_image(Image.new("RGB", (300, 300), colour))


def test_picture_within_a_rim_is_the_object():
    picture = Image.new("RGB", (400, 400), "white")
    picture.paste("blue", (2, 2, 398, 398))
    framed = frame_image(picture)
    assert framed.method == "whole image" and framed.alpha[112, 112] == 1


def test_long_strips_are_shrunk_before_they_are_squared():
    wide = np.full((40, 9000, 3), 255, np.uint8)
    wide[10:30, 100:8900] = (200, 30, 30)
    framed = frame_image(Image.fromarray(wide))
    rows = np.flatnonzero(framed.alpha.max(1) > 0.2)
    assert framed.box[2] == pytest.approx(8800 / FRAME_FILL)
    assert abs(rows.mean() - 111.5) <= 1 and len(rows) <= 3
    covered = np.flatnonzero(framed.alpha.max(0) > 0.1)
    assert abs(len(covered) - 224 * FRAME_FILL) <= 3


def test_orientation_tag_of_an_open_picture_is_honoured(tmp_path):
    picture = disc()
    picture.paste("blue", (25, 30, 45, 34))
    tag = Image.Exif()
    tag[0x0112] = 6
    picture.save(tmp_path / "a.png", exif=tag)
    with Image.open(tmp_path / "a.png") as image:
        framed = frame_image(image)
    assert np.array_equal(framed.pixels, frame_image(picture.transpose(Image.Transpose.ROTATE_270)).pixels)


def test_same_image_same_bits():
    rng = np.random.default_rng(2)
    image = Image.fromarray(rng.integers(0, 255, (100, 120, 3)).astype(np.uint8))
    ImageDraw.Draw(image).rectangle((40, 30, 80, 70), fill=(0, 0, 255))
    first, second = frame_image(image), frame_image(image)
    np.testing.assert_array_equal(first.pixels, second.pixels)


def test_orientation_tag_is_honoured(tmp_path):
    image = disc()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    image.save(tmp_path / "turned.jpg", exif=exif)
    assert read_image(tmp_path / "turned.jpg").size == (70, 90)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_transparent_grey_is_alpha(tmp_path, dtype):
    step = np.iinfo(dtype).max // 255
    grey = np.where(truth(), 60 * step, 200 * step).astype(dtype)
    Image.fromarray(grey).save(tmp_path / "a.png", transparency=200 * step)
    image = read_image(tmp_path / "a.png")
    assert image.mode == "RGBA"
    assert np.array_equal(np.asarray(image)[..., 3] > 0, truth()) and frame_image(image).method == "alpha"


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16", "RGBA"])
def test_modes_become_rgb(tmp_path, mode):
    source = (
        Image.fromarray((np.arange(70 * 90) % 60000).astype(np.uint16).reshape(70, 90))
        if mode == "I;16"
        else disc().convert(mode)
    )
    path = tmp_path / ("picture.tiff" if mode == "CMYK" else "picture.png")
    source.save(path)
    assert read_image(path).mode == ("RGBA" if mode in ("LA", "RGBA") else "RGB")


def test_floating_point_is_read_on_its_scale(tmp_path):
    ramp = np.linspace(0, 1, 90, dtype=np.float32)[None].repeat(70, 0)
    ramp[0, 0] = np.nan
    wanted = np.arange(90) * 255 // 89
    for top in (1, 255, 65535):
        Image.fromarray(ramp * top).save(tmp_path / "ramp.tiff")
        found = np.asarray(read_image(tmp_path / "ramp.tiff"))[1, :, 0].astype(int)
        assert np.abs(found - wanted).max() <= 1
    assert read_image(tmp_path / "ramp.tiff").getpixel((0, 0)) == (0, 0, 0)
    Image.fromarray(np.ones((70, 90), np.int32)).save(tmp_path / "ones.tiff")
    assert read_image(tmp_path / "ones.tiff").getextrema() == ((1, 1),) * 3


def test_bad_files_say_what_is_wrong(tmp_path):
    good = io.BytesIO()
    disc((400, 300), (50, 40, 250, 240)).save(good, "PNG")
    cases = {
        "empty.png": (b"", "the file is empty"),
        "text.png": (b"this is not an image", "not an image"),
        "truncated.png": (good.getvalue()[: len(good.getvalue()) // 2], "cannot be read"),
    }
    for name, (content, message) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ImageError, match=message):
            read_image(tmp_path / name)
    with pytest.raises(ImageError, match="no such file"):
        read_image(tmp_path / "missing.png")
    with pytest.raises(ImageError, match="is a folder"):
        read_image(tmp_path)


def test_huge_image_is_refused_before_decoding(tmp_path):
    header = io.BytesIO()
    Image.new("1", (20000, 20000)).save(header, "PNG")
    (tmp_path / "huge.png").write_bytes(header.getvalue())
    with pytest.raises(ImageError, match="million allowed"):
        read_image(tmp_path / "huge.png")

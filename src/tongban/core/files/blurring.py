"""Making parts of a picture unrecognisable before it is published, and the port for what finds such parts.

``blur`` cannot be undone: each region is reduced to a few patches of one colour, smoothed, and the picture made anew from
the result. ``TONGBAN_FINDER`` may name a function that suggests regions (``module.function``: the picture as JPEG in,
regions out); what it suggests is only drawn for the officer, who confirms each picture himself.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string
from PIL import Image, ImageFilter

from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare

#: Regions of one picture at most, and patches along the longer side of a region.
MOST, PATCHES = 60, 6
# How often all boxes together may cover the picture: more hides no more, and each costs time.
_COVERED = 3.0
_SMOOTHED = 96  # pixels of the longer side on which patches are smoothed: enough for what holds six of them
_WIDER = 0.08  # of a region's side, on each side: the edge of a face betrays it too
_QUALITY = 85

declare(
    {
        "region.shape": Label(
            "第 {line} 个框不对：左、上、宽、高都填 0 到 100 的数（百分比），宽和高要大于 0。",
            "Box {line} is not right: left, top, width and height are numbers from 0 to 100 (percent); width and height are above 0.",
        ),
        "region.over": Label(
            "这些框叠在一起太多了。请用一个大框盖住，再看结果。",
            "These boxes lie over each other too often. Cover it with one large box, then look at the result.",
        ),
        "region.many": Label(
            "一张图最多画 {most} 个框。要遮的很多，请用一个大框盖住。",
            "At most {most} boxes on one picture; where there is much to hide, cover it with one large box.",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Region:
    """A box on a picture, in percent of its width and height from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def read(cls, typed: Iterable[str], line: int) -> Region:
        """From four typed numbers; refused if they are no box on the picture."""
        try:
            found = cls(*(float(part.strip().rstrip("%％")) for part in typed))
        except (TypeError, ValueError):
            raise Refused("region.shape", field="regions", line=line) from None
        inside = 0 <= found.left <= 100 and 0 <= found.top <= 100
        # Written so that NaN is outside too.
        if not (inside and 0 < found.width <= 100 and 0 < found.height <= 100):
            raise Refused("region.shape", field="regions", line=line)
        return found

    def numbers(self) -> list[float]:
        """The four numbers, to a hundredth of a percent."""
        return [round(n, 2) for n in (self.left, self.top, self.width, self.height)]


def blur(picture: bytes, regions: Iterable[Region]) -> tuple[bytes, int, int]:
    """The picture (JPEG) with these regions made unrecognisable: new JPEG without metadata, its width and height."""
    regions = list(dict.fromkeys(regions))
    if sum(r.width * r.height for r in regions) > _COVERED * 100 * 100:
        raise Refused("region.over", field="regions")
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as opened:
        seen = opened.convert("RGB")
    for region in regions:
        box = _pixels(region, *seen.size)
        seen.paste(_patches(seen.crop(box)), box)
    plain = Image.new("RGB", seen.size)
    plain.paste(seen)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue(), *plain.size


def suggested(picture: bytes) -> list[Region]:
    """What the county's finder suggests to hide; nothing where none is named."""
    named = settings.TONGBAN_FINDER
    if not named:
        return []
    find: Callable[[bytes], Iterable[Region]] = import_string(named)
    return list(find(picture))[:MOST]


def _pixels(region: Region, width: int, height: int) -> tuple[int, int, int, int]:
    aside, above = region.width * _WIDER, region.height * _WIDER
    left = max(int((region.left - aside) * width / 100), 0)
    top = max(int((region.top - above) * height / 100), 0)
    right = min(-int(-(region.left + region.width + aside) * width // 100), width)
    bottom = min(-int(-(region.top + region.height + above) * height // 100), height)
    return min(left, width - 1), min(top, height - 1), max(right, left + 1), max(bottom, top + 1)


def _patches(part: Image.Image) -> Image.Image:
    """The part as a few patches of their average colour, with soft edges between them."""
    longer = max(part.size)
    few, small = (
        tuple(max(round(side * most / longer), 1) for side in part.size) for most in (PATCHES, min(_SMOOTHED, longer))
    )
    coarse = part.resize(few, Image.Resampling.BOX).resize(small, Image.Resampling.NEAREST)
    soft = coarse.filter(ImageFilter.GaussianBlur(max(small) / PATCHES / 4))
    return soft.resize(part.size, Image.Resampling.BICUBIC)

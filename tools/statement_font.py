"""Cuts the font of PDF statements out of its npm package: the letters of GB 2312 and of Latin script, nothing else.

    python tools/statement_font.py PACKAGE.tgz

The package is ``@expo-google-fonts/noto-sans-sc`` 0.4.3 as ``npm pack`` fetches it; any other file is refused.
"""

import hashlib
import io
import sys
import tarfile
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

PACKAGE: Final = "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59"
FONT: Final = "package/400Regular/NotoSansSC_400Regular.ttf"
LICENCE: Final = "package/LICENSE_FONT"
OUT: Final = Path(__file__).parent.parent / "serving" / "fonts"
SIGNS: Final = "、。《》「」（）：；，！？“”‘’…—–·￥€×→−≤≥□"


def letters() -> set[int]:
    """The code points that stay: Latin script, the common 3,755 characters of GB 2312, and signs."""
    common = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    found = {ord(text) for pair in common if (text := pair.decode("gb2312", errors="ignore"))}
    return found | set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | set(map(ord, SIGNS))


def main() -> None:
    """Write the font and its licence."""
    packed = Path(sys.argv[1]).read_bytes()
    found = hashlib.sha256(packed).hexdigest()
    if found != PACKAGE:
        raise SystemExit(f"{sys.argv[1]} has the hash {found}, not {PACKAGE}; fetch version 0.4.3.")
    with tarfile.open(fileobj=io.BytesIO(packed)) as package:
        font_file, licence = (package.extractfile(name) for name in (FONT, LICENCE))
        assert font_file
        assert licence
        font = TTFont(io.BytesIO(font_file.read()), recalcTimestamp=False)
        (OUT / "LICENSE").write_bytes(licence.read())
    options = Options()
    options.layout_features, options.hinting, options.name_IDs = [], False, ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters())
    subsetter.subset(font)
    font.save(OUT / "NotoSansSC.ttf")


if __name__ == "__main__":
    main()

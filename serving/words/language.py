"""Which language to answer in: the one asked for, else the best of those the client says it reads."""

from serving.reader import LANGUAGES


def choose_language(asked: str | None, accepted: str | None) -> str:
    """One of LANGUAGES, from ``?language=`` and from an Accept-Language header; the first where neither helps."""
    return asked or max(LANGUAGES, key=lambda language: _liking(language, accepted or ""))


def _liking(language: str, accepted: str) -> float:
    """How much a client likes a language, 0 to 1; what cannot be read in the header says nothing."""
    liking = 0.0
    for part in accepted.split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower().split("-")[0] == language:
            liking = max(liking, _weight(weight))
    return liking


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    digits = value.strip()
    readable = name.strip() == "q" and len(digits) <= 5 and digits.replace(".", "", 1).isdecimal() and digits.isascii()
    return min(float(digits), 1.0) if readable else 0.0

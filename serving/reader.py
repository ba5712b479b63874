"""Who reads what the service writes: in which part, in which language and in which form."""

from typing import Final, Literal, get_args

Audience = Literal["buyer", "seller", "arbitrator"]
AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""The languages spoken; the first where nobody asked for one."""

Form = Literal["html", "md", "pdf"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
"""The forms of a document; the end of a file's name says which it is."""

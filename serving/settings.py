"""What an operator sets, by environment variables named TRIAGE_*; the command line goes before them."""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from features.errors import TriageError

MIB = 1 << 20


class Settings(BaseSettings):
    """How this service runs. It has no sign-in yet, so it listens to this machine alone unless told otherwise."""

    model_config = SettingsConfigDict(env_prefix="TRIAGE_", env_ignore_empty=True, frozen=True, extra="forbid")

    data: Path = Field(description="Folder with the history that answers are set against.")
    mapping: Path | None = Field(default=None, description="Folder with one .sql file per contract table.")
    home: Path = Field(default=Path(".triage"), description="Where the champion is named.")
    bundle: Path | None = Field(default=None, description="Folder of a bundle; absent: the champion.")
    policy: Path | None = Field(default=None, description="File or folder of a policy; absent: the one shipped.")
    host: str = Field(default="127.0.0.1", description="Address to listen at.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen at; 0: any that is free.")
    max_case_bytes: int = Field(default=MIB, ge=1, description="Size of the largest body with one case.")
    max_batch_bytes: int = Field(default=8 * MIB, ge=1, description="Size of the largest body with many cases.")
    workers: int = Field(default=os.cpu_count() or 1, ge=1, description="How many requests are answered at a time.")


class BadSettings(TriageError):
    """The environment holds a setting that cannot be used."""


def read_settings(given: dict[str, Any]) -> Settings:
    """The settings given, and for what is None or not given the environment's, else their defaults."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = "_".join(["TRIAGE", *(str(part) for part in found["loc"])]).upper()
        raise BadSettings(f"{name} cannot be used: {found['msg'].lower()}; set it right or unset it.") from None

"""The form of what is published as data: objects without other items than those named, and printed names."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Form(BaseModel):
    """An object without other items than those named, each of exactly its type."""

    model_config = ConfigDict(extra="forbid", strict=True)

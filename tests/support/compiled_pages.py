"""Pages compiled once for each process: every application of the tests shows the same templates, compiling costs most of them."""

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from service.app import Web, create_app
from service.config import Settings


class CompiledPages(BytecodeCache):
    """Remembers what a template became by its name and its text, so that a changed one is compiled anew."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what is known."""
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember what was compiled."""
        if bucket.code:
            self.known[bucket.key, bucket.checksum] = bucket.code


PAGES = CompiledPages()


def opened(settings: Settings) -> Web:
    """An application for these settings whose pages other applications may have compiled already."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = PAGES
    return app

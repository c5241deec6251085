"""The files of an import, kept under DATA_DIR/uploads until it is applied or abandoned, and no longer."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app
from werkzeug.datastructures import FileStorage

SMALL = 1024 * 1024
"""A list of up to this many bytes is read within the request, a longer one in a process of its own."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The list, and the team lookup where one was given, in a folder of their own."""

    folder: Path

    @property
    def file(self) -> Path:
        """The case list."""
        return self.folder / "list"

    @property
    def teams(self) -> Path | None:
        """The team lookup, None where the app's own teams are meant."""
        path = self.folder / "teams"
        return path if path.exists() else None

    @property
    def exists(self) -> bool:
        """Whether the list is still kept."""
        return self.file.exists()

    @property
    def is_small(self) -> bool:
        """Whether the list can be read while a person waits."""
        return self.file.stat().st_size <= SMALL


@contextmanager
def incoming(file: FileStorage, teams: FileStorage | None) -> Iterator[Upload]:
    """The uploaded files on disk. Whatever `keep` does not move away is gone at the end."""
    with TemporaryDirectory(dir=_root()) as folder:
        file.save(Path(folder) / "list")
        if teams:
            teams.save(Path(folder) / "teams")
        yield Upload(Path(folder))


def keep(upload: Upload, import_id: int) -> None:
    """Keep the files for an import."""
    kept = upload_of(import_id).folder
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(upload.folder, kept)


def upload_of(import_id: int) -> Upload:
    """The files of an import, whether they are still there or not."""
    return Upload(_root() / str(import_id))


def discard(import_id: int) -> None:
    """Delete the files of an import."""
    shutil.rmtree(upload_of(import_id).folder, ignore_errors=True)


def _root() -> Path:
    root: Path = current_app.config["DATA_DIR"] / "uploads"
    root.mkdir(parents=True, exist_ok=True)
    return root

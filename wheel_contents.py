"""Build step: a wheel carries `models/` and `resources/` as `genstudio/_bundle/`.

Both lie beside the package in a checkout; `genstudio.core.paths` looks for `_bundle` first.
Named in pyproject.toml under [tool.setuptools.cmdclass].
"""

from __future__ import annotations

from pathlib import Path

from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
FOLDERS = ("models", "resources")


class BuildWithModels(build_py):
    """`build_py`, and then the two folders; an editable install uses them where they are."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for source, target in self._bundle():
            self.mkpath(str(target.parent))
            self.copy_file(str(source), str(target))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """What was built, the bundle included."""
        outputs = list(super().get_outputs(include_bytecode))
        if not self.editable_mode:
            outputs += [str(target) for _, target in self._bundle()]
        return outputs

    def _bundle(self) -> list[tuple[Path, Path]]:
        base = Path(self.build_lib) / "genstudio" / "_bundle"
        return [
            (path, base / path.relative_to(ROOT))
            for folder in FOLDERS
            for path in sorted((ROOT / folder).rglob("*"))
            if path.is_file()
        ]

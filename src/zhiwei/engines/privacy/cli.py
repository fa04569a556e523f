"""``zhiwei deidentify`` and ``zhiwei risk``."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from zhiwei.engines.privacy.actions import ACTIONS, DEFAULT_ACTIONS, Deidentified, apply_actions
from zhiwei.engines.privacy.detect import detect
from zhiwei.engines.privacy.files import IMAGE_KINDS, UnreadableFileError, read_bytes, read_text
from zhiwei.engines.privacy.images import ocr_lines, redact_page
from zhiwei.engines.privacy.pseudonyms import Pseudonyms
from zhiwei.engines.privacy.risk_cli import risk
from zhiwei.engines.privacy.roster import Roster, build_roster
from zhiwei.engines.privacy.spans import Span, settle_overlaps
from zhiwei.engines.privacy.tables import class_of_heading, find_in_columns, find_in_pairs

__all__ = ["deidentify", "risk"]


def deidentify(argv: Sequence[str]) -> int:
    """Find and replace personal data in files; see ``docs/privacy.md``."""
    options = _parser().parse_args(list(argv))
    try:
        roster = read_roster(options.roster) if options.roster else None
        pseudonyms = Pseudonyms(_read_key(options.key_file))
        actions = dict(DEFAULT_ACTIONS) | _read_actions(options.actions)
        apply_actions("", (), pseudonyms, actions)
        results = [_deidentify_file(path, roster, pseudonyms, actions, options) for path in options.files]
    except ValueError as error:
        print(f"zhiwei deidentify: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(results[0] if len(results) == 1 else results, ensure_ascii=False))
    else:
        print("\n".join(str(result["text"]) for result in results))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zhiwei deidentify", description="Find and replace personal data in files."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--json", action="store_true", help="text and spans as JSON (a list for several files)"
    )
    parser.add_argument("--roster", type=Path, help="names, one a line, or a CSV with a name column")
    parser.add_argument("--actions", default="", help=f"class=action,…; actions: {', '.join(ACTIONS)}")
    parser.add_argument(
        "--key-file", type=Path, help="the release's key (16 bytes or more); else a fresh one"
    )
    parser.add_argument("--out", type=Path, help="folder for the new files (images as PNG, others as text)")
    parser.add_argument("--show-originals", action="store_true", help="put what was found into the JSON too")
    return parser


def read_roster(path: Path) -> Roster:
    """A roster from one name a line, or from the name columns of a CSV or Excel file."""
    lines = read_text(path).splitlines()
    delimiter = "\t" if lines and "\t" in lines[0] else ","
    rows = [[cell.strip().strip('"') for cell in line.split(delimiter)] for line in lines]
    columns = (
        [place for place, cell in enumerate(rows[0]) if class_of_heading(cell) == "name"] if rows else []
    )
    if columns:
        return build_roster([row[place] for row in rows[1:] for place in columns if place < len(row)])
    return build_roster([row[0] for row in rows])


def _read_key(path: Path | None) -> bytes:
    return read_bytes(path).strip() if path else secrets.token_bytes(32)


def _read_actions(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    return {kind.strip(): action.strip() for kind, _, action in pairs}


def _deidentify_file(
    path: Path,
    roster: Roster | None,
    pseudonyms: Pseudonyms,
    actions: dict[str, str],
    options: argparse.Namespace,
) -> dict[str, object]:
    if path.suffix.lower() in IMAGE_KINDS:
        try:
            page = redact_page(read_bytes(path), ocr_lines, roster)
        except ValueError as error:
            raise UnreadableFileError(f"{path.name}: {error}") from error
        original, spans = page.text, tuple({r.span: None for r in page.redactions if r.span})
        _write(options.out, path.stem + ".png", page.png)
    else:
        original = read_text(path)
        spans = find_in_file(original, path.suffix.lower(), roster)
    result = apply_actions(original, spans, pseudonyms, actions)
    if path.suffix.lower() not in IMAGE_KINDS:
        name = path.name if path.suffix.lower() not in {".xlsx", ".docx", ".pdf"} else path.stem + ".txt"
        _write(options.out, name, result.text.encode())
    return _report(path, original, result, show=options.show_originals)


def find_in_file(text: str, kind: str, roster: Roster | None) -> tuple[Span, ...]:
    """Findings in the text of a file; columns and keys that say what they hold count too."""
    spans = list(detect(text, roster))
    if kind in {".csv", ".tsv", ".xlsx"}:
        spans += find_in_columns(text, "," if kind == ".csv" else "\t")
    elif kind in {".json", ".jsonl"}:
        spans += find_in_pairs(text)
    return settle_overlaps(spans)


def _write(folder: Path | None, name: str, content: bytes) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _report(path: Path, original: str, result: Deidentified, *, show: bool) -> dict[str, object]:
    spans: list[dict[str, object]] = []
    for item in result.replacements:
        row: dict[str, object] = {"start": item.span.start, "end": item.span.end, "class": item.span.kind}
        if show:
            row["text"] = original[item.span.start : item.span.end]
        row |= {"action": item.action, "replacement": item.text, "confidence": item.span.confidence}
        row["rule"] = item.span.rule
        spans.append(row)
    return {"file": str(path), "text": result.text, "spans": spans}

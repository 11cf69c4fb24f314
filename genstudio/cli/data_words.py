"""How datasets, reports and items are said in a terminal."""

from __future__ import annotations

from typing import Any

from genstudio.cli.screen import Screen, size
from genstudio.core.dataset import Dataset

_COLOURS = {1: "grey", 3: "colour", 4: "colour with transparency"}
_MOST_FINDINGS = 20


def row(data: Dataset) -> tuple[str, ...]:
    """A dataset as a row of the list."""
    facts = data.facts
    return (
        data.name,
        data.kind,
        f"{facts.count:,}",
        f"{data.test_count:,}",
        f"{facts.size} px" if data.kind == "image" else "",
        str(len(facts.classes) or ""),
        data.licence,
    )


def describe(screen: Screen, data: Dataset) -> None:
    """Everything worth knowing about a dataset, and what the check found."""
    facts = data.facts
    pictures = f"{facts.size} px, {_COLOURS.get(facts.channels, '')}, fit: {data.fit}"
    lines = {
        "name": data.name,
        "title": data.title if data.title != data.name else "",
        "kind": data.kind,
        "items": f"{facts.count:,} for training ({data.valid_count:,} of them held out), "
        f"{data.test_count:,} for tests",
        "pictures": pictures if data.kind == "image" else "",
        "classes": ", ".join(facts.classes),
        "captions": "yes" if facts.captions else "",
        "skipped": f"{data.skipped:,}" if data.skipped else "",
        "excluded": f"{data.excluded:,}" if data.excluded else "",
        "licence": data.licence,
        "by": data.attribution,
        "consent": data.consent,
        "source": data.source,
    }
    _facts(screen, lines)
    _findings(screen, [finding.model_dump() for finding in data.findings])


def report(screen: Screen, data: dict[str, Any]) -> None:
    """What a drop would become."""
    amounts = ", ".join(f"{name} {count:,}" for name, count in data["class_counts"].items())
    pictures = f"{data['size']} px, {_COLOURS.get(data['channels'], '')}"
    lines = {
        "kind": data["kind"],
        "known as": data["known"],
        "items": f"{data['count']:,} for training ({data['valid_count']:,} of them held out), "
        f"{data['test_count']:,} for tests",
        "pictures": pictures if data["kind"] == "image" else "",
        "classes": amounts,
        "captions": f"{data['captions']:,}" if data["captions"] else "",
        "columns": ", ".join(data["columns"]),
        "skipped": _counts(data["skipped_by"]),
        "alike": f"{data['near']:,} look nearly like others" if data["near"] else "",
        "personal": _counts(data["personal"]),
        "licence": data["licence"],
        "by": data["attribution"],
        "size": size(data["bytes"]),
        "name": data["suggested_name"],
    }
    _facts(screen, lines)
    _findings(screen, data["findings"])


def items(screen: Screen, page: dict[str, Any]) -> None:
    """A page of items as a table."""
    screen.table(
        ("row", "split", "class", "name", "caption or text"),
        (
            (
                str(item["row"]),
                "excluded" if item["excluded"] else item["split"],
                item["class"],
                item["name"][-40:],
                (item["caption"] or item["excerpt"])[:70],
            )
            for item in page["rows"]
        ),
    )
    screen.remark(f"{len(page['rows'])} of {page['total']:,} items", human=True)


def _facts(screen: Screen, lines: dict[str, str]) -> None:
    for name, value in lines.items():
        if value:
            screen.line(f"{name:<10} {value}")


def _counts(many: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in many.items())


def _findings(screen: Screen, findings: list[dict[str, Any]]) -> None:
    for finding in findings[:_MOST_FINDINGS]:
        where = f"{finding['file']}: " if finding["file"] else ""
        screen.line(f"  {finding['level']}: {where}{finding['what']}")
    if len(findings) > _MOST_FINDINGS:
        screen.line(f"  … and {len(findings) - _MOST_FINDINGS} more findings")

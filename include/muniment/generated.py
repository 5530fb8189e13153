"""The files that follow from the contracts and the catalogue and are checked in: dbt's sources and macro, the data
dictionary and the list of document types. No run needs them but dbt's, which name no document type.

Only their text is made here. What a contract means stands in `contract`; a test fails when a checked-in file is
not what this module would write. `python -m muniment.generated` (`make contracts`) writes them.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from muniment.contract import Column, Contract, contracts, tables
from muniment.documents.catalogue import CheckRules, FieldRule, TypeRule, catalogue
from muniment.settings import PROJECT

SCHEMA = "lake"

_NOTICE = "Generated from include/{} by `make contracts` (python -m muniment.generated). Do not edit."
_FROM_CONTRACTS, _FROM_CATALOGUE = _NOTICE.format("contracts"), _NOTICE.format("catalogue")


def files() -> dict[Path, str]:
    """The text of every generated file by its absolute path."""
    stored = [c for c in contracts().values() if c.namespace == SCHEMA and c.origin != "search"]
    return {
        PROJECT / "dbt" / "models" / "sources.yml": sources(stored),
        PROJECT / "dbt" / "macros" / "critical_columns.sql": critical_columns(stored),
        PROJECT / "docs" / "data-dictionary.md": dictionary(tables()),
        PROJECT / "docs" / "document-types.md": document_types(catalogue().types.values()),
    }


def write() -> list[Path]:
    """Writes the files that have drifted and returns their paths."""
    drifted = [(path, text) for path, text in files().items() if not path.exists() or path.read_text("utf-8") != text]
    for path, text in drifted:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [path for path, _ in drifted]


def sources(stored: Iterable[Contract]) -> str:
    """dbt's source YAML for the tables of schema `lake`. Without the vault, so that no model can name it."""
    import yaml

    described = {
        "version": 2,
        "sources": [
            {
                "name": SCHEMA,
                "schema": SCHEMA,
                "description": "Tables of the lake as the warehouse holds them, personal data masked",
                "tables": [_source(contract) for contract in stored],
            }
        ],
    }
    return f"# {_FROM_CONTRACTS}\n{yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=110)}"


def critical_columns(stored: Iterable[Contract]) -> str:
    """A dbt macro that lists the columns whose completeness counts, for each table."""
    entries = "".join(
        f"    {contract.name!r}: {[column.name for column in contract.columns if column.critical]},\n"
        for contract in stored
    )
    macro = f"{{% macro critical_columns(table) -%}}\n{{{{ return({{\n{entries}}}[table]) }}}}\n{{%- endmacro %}}"
    return f"{{# {_FROM_CONTRACTS} #}}\n{macro}\n"


def dictionary(every: Iterable[Contract]) -> str:
    """The data dictionary in Markdown: each table with its grain, key, retention and columns."""
    sections = "\n".join(_section(contract) for contract in every)
    return (
        f"<!-- {_FROM_CONTRACTS} -->\n\n# Data dictionary\n\n"
        "Every table of lake and warehouse. A table of the schema `lake` holds personal columns masked; its companion\n"
        "in `vault` keeps them in clear. Instants are UTC. The marts are described by `make docs`. Rows are kept for\n"
        "the days that are said here at least: they go by windows, when every contract, every type of document and\n"
        "`MUNIMENT_ARCHIVED_DAYS` let a window go and no legal hold covers it.\n\n"
        f"{sections}"
    )


def document_types(every: Iterable[TypeRule]) -> str:
    """The document types in Markdown: what each is, how long it is kept, its fields, and what they owe one another."""
    sections = "\n".join(_type_section(rule) for rule in every)
    return (
        f"<!-- {_FROM_CATALOGUE} -->\n\n# Document types\n\n"
        "Each is a file of `include/catalogue`; what is none of them is of the type `other`. A personal value is kept\n"
        "in clear only in `vault`. Days are the least for which a document is kept, as in the data dictionary.\n\n"
        f"{sections}"
    )


def _type_section(rule: TypeRule) -> str:
    lines = [
        f"## {rule.title}",
        "",
        rule.description,
        "",
        f"Type `{rule.name}` · kept {rule.retention_days:,} days",
        "",
        "| field | kind | required | personal |",
        "|---|---|---|---|",
        *(_field_line(field) for field in rule.fields),
    ]
    checks = [f"- {check}" for check in _checks(rule.checks)]
    return "\n".join([*lines, *([""] if checks else []), *checks]) + "\n"


def _field_line(field: FieldRule) -> str:
    return f"| `{field.name}` | {field.kind} | {'yes' if field.required else ''} | {field.personal} |"


def _checks(rules: CheckRules) -> Iterable[str]:
    """The cross-checks of a type in words."""
    for total, terms in rules.sums.items():
        shown = " ".join(f"{term[0]} {term[1:]}" if term[0] in "-±" else f"+ {term}" for term in terms)
        yield f"{total} = {shown.removeprefix('+ ')}"
    for order in rules.orders:
        yield " ≤ ".join(order)
    for name, (least, most) in rules.ranges.items():
        yield f"{least:g} ≤ {name} ≤ {most:g}"


def _source(contract: Contract) -> dict[str, Any]:
    keeps = {
        "name": f"{contract.name}_keeps_its_contract",
        "arguments": {
            "required": [column.name for column in contract.all_columns if column.required],
            "key": list(contract.row_key),
        },
    }
    return {
        "name": contract.name,
        "description": f"{contract.description}. {contract.granularity}.",
        "config": {"meta": {"dagster": {"asset_key": ["warehouse", contract.name]}, "contract": contract.version}},
        "data_tests": [{"keeps_contract": keeps}],
        "columns": [_source_column(column) for column in contract.all_columns],
    }


def _source_column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "description": column.description,
        "data_type": column.postgres_type,
    }
    meta: Mapping[str, object] = {"pii": column.pii, "masked": True} if column.pii else {}
    return {**described, "config": {"meta": meta}} if meta else described


def _section(contract: Contract) -> str:
    lines = [
        f"## {contract.table}",
        "",
        f"{contract.description}. {contract.granularity}.",
        "",
        f"Contract {contract.version} · key `{', '.join(contract.row_key)}` · kept {contract.retention_days:,} days"
        + (f" · delivered as {contract.format}" if contract.format else ""),
        "",
        "| column | type | null | rules | personal | meaning |",
        "|---|---|---|---|---|---|",
        *(_line(column) for column in contract.all_columns),
    ]
    return "\n".join(lines) + "\n"


def _line(column: Column) -> str:
    cells = (
        f"`{column.name}`",
        column.type,
        "" if column.required else "yes",
        "; ".join(_rules(column)),
        column.pii or "",
        column.description,
    )
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _rules(column: Column) -> Iterable[str]:
    """The rules of each value in words, and what counts as valid where the contract measures it."""
    if column.pattern:
        yield f"matches `{column.pattern}`"
    if column.allowed:
        yield "one of " + ", ".join(column.allowed)
    if column.minimum is not None:
        yield f"at least {column.minimum:g}"
    if column.maximum is not None:
        yield f"at most {column.maximum:g}"
    if column.valid:
        yield f"plausible from {column.valid['minimum']:,} to {column.valid['maximum']:,}"


if __name__ == "__main__":
    import sys

    sys.stdout.writelines(f"wrote {path.relative_to(PROJECT)}\n" for path in write())

"""Holding rows against the contract: what fits is kept in the contract's types, what does not is dropped with a code.

Nothing is repaired and nothing is guessed. A row has one reason for being dropped: the first that was found. A
drop names table, row, column and what was expected, never the value, which may be private.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.contract import CURRENCY, FROM_RULING, TABLES, Column, Table, Type
from features.convert import EXPECTED_OF, convert, convert_open, is_open, mask
from features.errors import TriageError
from features.in_order import in_order
from features.ledger import Ledger, TableLedger
from features.repeated import MANY, repeated
from features.rows import Rows, Told, Why
from features.tables import NULL_INSTANT, Tables, positions_in

_BAD_CODE: Final = {
    Type.INSTANT: "D02", Type.KNOWN: "D02", Type.CENTS: "D04", Type.COUNT: "D04",
}  # fmt: skip
_ISO_4217: Final = r"^[A-Z]{3}$"

Keep = Set[str] | None

_JUDGED_TOGETHER: Final[Mapping[str, frozenset[str]]] = {
    table.name: frozenset(
        name for name in (*table.key, table.clock, table.clock_default, "case_id", "currency") if name is not None
    )
    for table in TABLES.values()
}
"""The columns by which rows of a table are held against each other and against cases."""


class BadCase(TriageError):
    """A row breaks the contract: table, column, case and what was expected; never the value."""


@dataclass(frozen=True, slots=True)
class Drop:
    """One dropped row: why, where (``row`` counts from 1), whose, and what was expected there."""

    code: str
    table: str
    row: int
    column: str
    case_id: str | None
    expected: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a history holds once checked: the rows kept, the account of all of them, and those dropped.

    ``drops`` is an Arrow table with the fields of ``Drop``, in the order of tables and rows. ``currency`` is the
    one in which all money is, None where nobody said.
    """

    tables: Tables
    ledger: Ledger
    drops: pa.Table
    currency: str | None

    def drop(self, place: int) -> Drop:
        """The dropped row at that place in ``drops``."""
        return Drop(**self.drops.slice(place, 1).to_pylist()[0])

    def with_ledger(self, ledger: Ledger) -> Self:
        """The same with another ledger."""
        return type(self)(self.tables, ledger, self.drops, self.currency)


def check(raw: Mapping[str, pa.Table], *, currency: str | None = None) -> Checked:
    """Check raw tables, named as the contract names them.

    Parameters
    ----------
    currency
        The reporting currency, where it is known already; else it is that of most rows of ``cases``.

    Raises
    ------
    BadCase
        Where a table or column is not the contract's; no row can be judged then.
    """
    for name, table in raw.items():
        refuse_foreign_columns(name, table.schema)
    return settle({name: judge(TABLES[name], [raw[name]]) for name in TABLES if name in raw}, currency=currency)


def judge(contract: Table, batches: Iterable[pa.Table], *, keep: Keep = None) -> Rows:
    """The rows of a table in the contract's types, judged each by itself, batch by batch in order; at least one.

    Parameters
    ----------
    keep
        The columns that are kept besides those by which rows are judged together, words as places in a dictionary;
        all of them, as they are, where it is None.
    """
    held = None if keep is None else keep | _JUDGED_TOGETHER[contract.name]

    def judged(batch: pa.Table) -> Rows:
        rows = _typed(contract, batch)
        rows.leave(held)
        coded = {column.name for column in contract.columns if keep is not None and column.type is Type.CODE}
        rows.columns = {name: _copied(values, coded=name in coded) for name, values in rows.columns.items()}
        return rows

    found = Rows.joined(contract.name, in_order(judged, batches))
    found.wanted = keep
    return found


def _copied(values: pa.Array, *, coded: bool) -> pa.Array:
    """The same values in memory of their own: a column of a batch holds on to all that came with it."""
    if coded:
        found = pc.dictionary_encode(values)
        return pa.DictionaryArray.from_arrays(pc.cast(found.indices, pa.int8()), found.dictionary)
    return pa.concat_arrays([values, values.slice(0, 0)])


def settle(found: Mapping[str, Rows], *, currency: str | None = None) -> Checked:
    """The tables that are left once rows were judged together: by currency, by key, and by their cases."""
    currency = currency or _most_common_currency(found)

    def judged_together(rows: Rows) -> None:
        _refuse_other_currency(rows, currency)
        _refuse_duplicates(rows)

    def judged_by_cases(rows: Rows) -> None:
        _refuse_orphans(rows, standing)

    in_turn = map if sum(map(len, found.values())) < MANY else in_order
    list(in_turn(judged_together, found.values()))
    if "cases" in found:
        standing = _Standing(found["cases"])
        list(in_turn(judged_by_cases, (rows for name, rows in found.items() if name != "cases")))
    accounts = {name: TableLedger(len(rows), rows.kept, rows.dropped()) for name, rows in found.items()}
    notes = [note for rows in found.values() for note in rows.notes]
    if currency is not None:
        notes.append(f"all money is in {currency}")
    drops = pa.concat_tables([rows.drops() for rows in found.values()]) if found else Rows.no_drops()
    kept = {name: rows.kept_table() for name, rows in found.items()}
    return Checked(Tables(kept), Ledger(accounts, tuple(notes)), drops, currency)


def refuse_foreign_columns(table: str, schema: pa.Schema) -> None:
    """Raise BadCase where the contract has no such table or column."""
    if table not in TABLES:
        raise BadCase(f"there is no table {table[:64]!r}; the tables are {', '.join(TABLES)}.")
    contract = TABLES[table]
    for i, name in enumerate(schema.names):
        if name in schema.names[:i]:
            raise BadCase(f"{table} has the column {name[:64]!r} twice; give each once.")
        of_their_own = name.startswith(contract.open_prefixes) if contract.open_prefixes else False
        if contract.column(name) is None and not of_their_own:
            raise BadCase(f"{table} has no column {name[:64]!r}; {_instead(contract, name)}.")
        if of_their_own and not is_open(schema.field(i).type):
            raise BadCase(f"{table}.{name[:64]} must hold text or numbers; convert it, or leave it out.")


def _instead(contract: Table, name: str) -> str:
    from difflib import get_close_matches

    known = [column.name for column in contract.columns]
    near = get_close_matches(name.lower(), known, n=1)
    own = f", or name it {' or '.join(p + '…' for p in contract.open_prefixes)}" if contract.open_prefixes else ""
    return f"did you mean {near[0]}? Leave it out{own}" if near else f"leave it out{own}"


def _typed(contract: Table, raw: pa.Table) -> Rows:
    """The rows of a table in the contract's types, judged each by itself."""
    rows = Rows(contract.name, raw.num_rows)
    for name in raw.column_names:
        column = contract.column(name)
        if column is None:
            found = convert_open(raw.column(name))
            rows.put(name, found.values)
            rows.refuse(found.bad, Why("D05", name, EXPECTED_OF[Type.NUMBER]))
            continue
        found = convert(raw.column(name), column.type)
        rows.put(name, found.values)
        rows.refuse(found.bad, Why(_BAD_CODE.get(column.type, "D05"), name, EXPECTED_OF[column.type]))
        _tell(rows, column, found.counted)
    for column in contract.columns:
        _refuse_missing(rows, column)
        _refuse_unknown_words(rows, column)
    if contract.belongs_to:
        lost = np.logical_and.reduce([rows.null(name) for name in contract.belongs_to])
        rows.refuse(lost, Why("D09", contract.belongs_to[0], f"at least one of {', '.join(contract.belongs_to)}"))
    for earlier, later in contract.order:
        first, second = rows.instants(earlier), rows.instants(later)
        swapped = (first != NULL_INSTANT) & (second != NULL_INSTANT) & (second < first)
        rows.refuse(swapped, Why("D06", later, f"not before {earlier}"))
    _tell_defaults(rows, contract)
    return rows


def _tell(rows: Rows, column: Column, counted: dict[str, int]) -> None:
    edge = "end" if column.type is Type.KNOWN else "start"
    for what, said in (
        ("naive", "without an offset, taken as UTC"),
        ("date", f"without a time, taken as the {edge} of the day"),
        ("cast", f"of another type, cast to {column.type.value}"),
        ("blank", "blank or NaN, taken as missing"),
    ):
        rows.tell(Told(column.name, "value", said), counted.get(what, 0))


def _refuse_missing(rows: Rows, column: Column) -> None:
    if column.required:
        rows.refuse(rows.null(column.name), Why("D01", column.name, f"a value: {column.meaning}"))


def _refuse_unknown_words(rows: Rows, column: Column) -> None:
    if column.name not in rows.columns:
        return
    values = rows.columns[column.name]
    if column.codes:
        unknown = ~mask(pc.is_in(values, pa.array(column.codes))) & ~rows.null(column.name)
        rows.refuse(unknown, Why("D03", column.name, f"one of {', '.join(column.codes)}"))
    if column is CURRENCY:
        wrong = mask(pc.fill_null(pc.invert(pc.match_substring_regex(values, _ISO_4217)), False))
        rows.refuse(wrong, Why("D03", column.name, "a code of ISO 4217 such as USD"))


def _tell_defaults(rows: Rows, contract: Table) -> None:
    if contract.clock is not None and contract.clock_default is not None:
        missing = rows.null(contract.clock)
        instead = ~rows.null(contract.clock_default)
        for which, said in (
            (missing & instead, f"without a value, known since {contract.clock_default} instead"),
            (missing & ~instead, "without a value, known all along"),
        ):
            rows.tell(Told(contract.clock, "row", said), int(which.sum()))
    for column in contract.columns:
        since = column.known_from
        if column.name in rows.columns and since not in (None, column.name, *FROM_RULING):
            unknowable = ~rows.null(column.name) & rows.null(since)
            rows.tell(Told(column.name, "value", f"without {since}, so nobody ever knows them"), int(unknowable.sum()))


def _most_common_currency(found: Mapping[str, Rows]) -> str | None:
    """The currency of most cases; where no case says one, that of most other rows. Ties go by the alphabet."""
    given = [rows for rows in found.values() if "currency" in rows.columns]
    for among in ([rows for rows in given if rows.name == "cases"], given):
        said = [rows.columns["currency"].filter(pa.array(rows.why < 0)).drop_null() for rows in among]
        counts = pa.chunked_array(said, pa.string()).value_counts() if said else []
        if len(counts):
            return str(min((-item["counts"].as_py(), item["values"].as_py()) for item in counts)[1])
    return None


def _refuse_other_currency(rows: Rows, currency: str | None) -> None:
    if currency is not None and "currency" in rows.columns:
        other = mask(pc.fill_null(pc.not_equal(rows.columns["currency"], currency), False))
        rows.refuse(other, Why("D10", "currency", f"the reporting currency {currency}; convert it in the mapping"))


def _refuse_duplicates(rows: Rows) -> None:
    contract = TABLES[rows.name]
    columns = []
    for name in contract.key:
        values = rows.column(name)
        if name == contract.clock and contract.clock_default is not None:
            values = pc.coalesce(values, rows.column(contract.clock_default))
        columns.append(values)
    again = np.zeros(len(rows), dtype=bool)
    again[repeated(columns, np.flatnonzero(rows.why < 0))] = True
    rows.refuse(again, Why("D07", contract.key[0], f"the only row with its {', '.join(contract.key)}"))


class _Standing:
    """The cases that stand, and when each was opened; at last, for those that do not stand: never."""

    def __init__(self, cases: Rows) -> None:
        stands = pa.array(cases.why < 0)
        self.ids = cases.column("case_id").filter(stands)
        opened = pc.cast(cases.column("opened_at"), pa.int64()).filter(stands)
        self.opened_at = np.append(pc.fill_null(opened, NULL_INSTANT).to_numpy(zero_copy_only=False), NULL_INSTANT)


def _refuse_orphans(rows: Rows, cases: _Standing) -> None:
    """Drop rows of cases that are not there, and outcomes older than the case they belong to."""
    contract = TABLES[rows.name]
    if contract.column("case_id") is None:
        return
    place = positions_in(rows.column("case_id"), cases.ids)
    rows.refuse(~rows.null("case_id") & (place < 0), Why("D08", "case_id", "a case in cases"))
    if rows.name in ("rulings", "appeals") and contract.clock is not None:
        early = (place >= 0) & (rows.instants(contract.clock) < cases.opened_at[place])
        rows.refuse(early, Why("D06", contract.clock, "not before the case was opened"))

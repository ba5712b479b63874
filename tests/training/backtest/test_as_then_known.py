"""Nothing that became known at or after a ruling has a part in what a policy would have ruled in its place."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.contract import TABLES, Type
from features.tables import NULL_INSTANT, Tables
from training.backtest.backtest import Backtest, try_both
from training.backtest.cohorts import cohorts
from training.dataset import known_before

SECOND = 1_000_000
MORE = 40


def ruled(tables: Tables, found: Backtest, row: int) -> dict[str, list[object]]:
    """All that is said of one case by both policies, and where it is counted, by these tables."""
    one = found.asks.take(np.array([row]))
    one.case[:] = tables.case_ids.index(found.tables.case_ids[int(found.asks.case[row])]).as_py()
    outcomes = try_both((found.old, found.new), tables, one, found.liable[[row]])
    said = [getattr(each, name).tolist() for each in outcomes for name in each.__slots__]
    return {"said": said, "counted": [part.place.tolist() for part in cohorts(tables, one, volumes=tables)]}


def with_later_rows(tables: Tables, after: int, case_id: str, seed: int) -> Tables:
    """The tables with rows added that say all sorts of things of a case and of others, all known only later."""
    rng = np.random.default_rng(seed)
    return Tables(
        {name: pa.concat_tables([tables[name], _later(tables, name, after, case_id, rng)]) for name in tables.names}
    )


def _later(tables: Tables, name: str, after: int, case_id: str, rng: np.random.Generator) -> pa.Table:
    rows = tables[name].take(pa.array(rng.integers(0, tables.count(name), MORE)))
    columns = {}
    for column in rows.column_names:
        values, of = rows[column].combine_chunks(), TABLES[name].column(column)
        if of is not None and of.type in (Type.INSTANT, Type.KNOWN):
            later = pa.array(after + rng.integers(0, 90 * 86_400, MORE) * SECOND).cast(values.type)
            values = later if column == TABLES[name].clock else pc.if_else(pc.is_null(values), None, later)
        elif column == f"{name.rstrip('s')}_id" or column in ("event_id", "evidence_id", "entry_id"):
            values = pa.array([f"later {i}" for i in range(MORE)])
        elif column == "case_id":
            values = pc.if_else(pa.array(rng.random(MORE) < 0.6), case_id, values)
        columns[column] = values
    return pa.table(columns).cast(rows.schema)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), seed=st.integers(0, 10**9))
def test_what_becomes_known_later_changes_nothing(market: Tables, tried: Backtest, place: int, seed: int) -> None:
    row = place % len(tried.asks)
    at = int(tried.asks.as_of[row]) + 1
    case_id = str(tried.tables.case_ids[int(tried.asks.case[row])])
    later = with_later_rows(market, at, case_id, seed)
    assert ruled(later, tried, row) == ruled(market, tried, row)


def test_a_history_that_ended_then_says_the_same(market: Tables, tried: Backtest) -> None:
    for row in np.random.default_rng(1).integers(0, len(tried.asks), 40):
        then = known_before(market, int(tried.asks.as_of[row]) + 1)
        assert ruled(then, tried, int(row)) == ruled(market, tried, int(row))


def test_asks_lie_after_the_opening_and_before_every_later_ruling(tried: Backtest) -> None:
    opened = tried.tables.instants("cases", "opened_at")[tried.asks.case]
    assert (opened <= tried.asks.as_of).all()
    assert (tried.asks.as_of != NULL_INSTANT).all()

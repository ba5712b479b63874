"""The weights of a block of time rest on what was ruled and written before it, and on nothing later."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.catalog import Catalog
from features.ngrams import BUCKETS
from features.tables import DAY, Tables
from features.text import STEP, text_features, unpack
from features.vocabulary import LIABLE
from training.dataset import known_before
from training.labels import labels_before
from training.texts import BLOCKS, fit_texts, log_ratios

MATURITY = 7.0


@pytest.fixture(scope="module")
def tables(small_asks: tuple[Tables, Any]) -> Tables:
    return small_asks[0]


@pytest.fixture(scope="module")
def catalog(tables: Tables) -> Catalog:
    return Catalog(text_features(tables, LIABLE))


def without(tables: Tables, table: str, column: str, since: int) -> Tables:
    """The same tables without the rows whose instant is this late."""
    kept = {name: tables[name] for name in tables.names}
    return Tables(kept | {table: tables[table].filter(pa.array(tables.instants(table, column) < since))})


def test_blocks_begin_at_equal_numbers_of_labels_and_the_last_where_training_ends(
    tables: Tables, catalog: Catalog
) -> None:
    until = int(tables.last_known)
    since = [block.since for block in fit_texts(tables, catalog, MATURITY, until)]
    assert len(since) == BLOCKS
    assert since[-1] == until
    counts = [len(labels_before(tables, at, MATURITY).cases) for at in since]
    np.testing.assert_allclose(counts, np.arange(1, BLOCKS + 1) / BLOCKS * counts[-1], rtol=0.1)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, BLOCKS - 1), st.data())
def test_what_was_ruled_from_a_blocks_beginning_on_changes_none_of_its_weights(
    tables: Tables, catalog: Catalog, block: int, data: st.DataObject
) -> None:
    blocks = fit_texts(tables, catalog, MATURITY, int(tables.last_known))
    since = blocks[block].since
    turned = tables["rulings"].column("liable").to_pylist()
    late = tables.instants("rulings", "ruled_at") >= since
    moved = data.draw(st.integers(1, len(LIABLE) - 1))
    other = [
        LIABLE[(LIABLE.index(word) + moved) % len(LIABLE)] if later and word in LIABLE else word
        for word, later in zip(turned, late, strict=True)
    ]
    place = tables["rulings"].column_names.index("liable")
    kept = {name: tables[name] for name in tables.names}
    kept["rulings"] = tables["rulings"].set_column(place, "liable", pa.array(other))
    found = fit_texts(Tables(kept), catalog, MATURITY, int(tables.last_known))
    assert found[block] == blocks[block]


@pytest.mark.parametrize(
    ("table", "column"), [("rulings", "ruled_at"), ("messages", "sent_at"), ("appeals", "decided_at")]
)
def test_what_came_after_a_blocks_beginning_might_not_have_come(
    tables: Tables, catalog: Catalog, table: str, column: str
) -> None:
    until = int(tables.last_known) - 60 * DAY
    block = fit_texts(tables, catalog, MATURITY, until)[-1]
    assert block == fit_texts(without(tables, table, column, until), catalog, MATURITY, until)[-1]
    assert block == fit_texts(known_before(tables, until), catalog, MATURITY, until)[-1]


def test_a_message_sent_after_the_ruling_teaches_nothing(tables: Tables, catalog: Catalog) -> None:
    until = int(tables.last_known)
    ruled = labels_before(tables, until, MATURITY).ruled_at[tables.case_rows("messages")]
    late = tables.instants("messages", "sent_at") >= ruled
    assert late.any()
    texts = pc.if_else(pa.array(late), "something else altogether", tables["messages"].column("text"))
    place = tables["messages"].column_names.index("text")
    kept = {name: tables[name] for name in tables.names}
    kept["messages"] = tables["messages"].set_column(place, "text", texts)
    assert fit_texts(Tables(kept), catalog, MATURITY, until) == fit_texts(tables, catalog, MATURITY, until)


def test_wording_that_one_answer_has_oftener_speaks_for_it_and_the_rarer_the_less() -> None:
    counts = np.zeros((len(LIABLE), BUCKETS), dtype=np.int64)
    counts[:2, 0] = 400, 100
    counts[:2, 1] = 4, 1
    counts[:2, 2] = 50, 50
    weights = log_ratios(counts, np.array([500, 500, 0, 0, 0, 0])) * STEP
    assert weights[0, 0] == pytest.approx(np.log(400 / 250), abs=0.03)
    assert weights[1, 0] == pytest.approx(np.log(100 / 250), abs=0.05)
    assert 0.0 < weights[0, 1] < weights[0, 0] - 0.1
    assert not weights[:, 2:].any()


def test_a_class_that_no_ruling_named_has_no_weights(tables: Tables, catalog: Catalog) -> None:
    liable = pc.if_else(
        pc.equal(tables["rulings"].column("liable"), "platform"), "none", tables["rulings"].column("liable")
    )
    place = tables["rulings"].column_names.index("liable")
    kept = {name: tables[name] for name in tables.names}
    kept["rulings"] = tables["rulings"].set_column(place, "liable", liable)
    block = fit_texts(Tables(kept), catalog, MATURITY, int(tables.last_known))[-1]
    assert not unpack((block.weights["text.claim.platform"],)).any()
    assert unpack((block.weights["text.claim.none"],)).any()


def test_without_texts_nothing_is_fitted(tables: Tables) -> None:
    assert fit_texts(tables, Catalog(()), MATURITY, int(tables.last_known)) == ()

"""Networks multiply by the library that knows the processor, and read the same either way."""

import pytest
from thinc.api import NumpyOps, get_current_ops, set_current_ops, use_ops

from workers.language import arithmetic, load_pipeline


class OtherOps(NumpyOps):
    """Arithmetic that somebody chose."""


def test_numpy_multiplies_where_blis_does_not_know_the_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On generic kernels numpy's library takes over, and only while a pipeline is built."""
    monkeypatch.setattr(arithmetic, "kernels", lambda: arithmetic.GENERIC)

    with use_ops("numpy"):
        with arithmetic.fitting():
            assert not get_current_ops().use_blis
        assert get_current_ops().use_blis


@pytest.mark.parametrize("wider", [True, False])
def test_numpy_multiplies_where_its_registers_are_longer(
    monkeypatch: pytest.MonkeyPatch,
    wider: bool,  # noqa: FBT001 — a row of the table
) -> None:
    """On Intel's processors BLIS has the kernels of 2013, numpy those of the processor."""
    monkeypatch.setattr(arithmetic, "kernels", lambda: arithmetic.HASWELL)
    monkeypatch.setattr(arithmetic, "is_wider", lambda: wider)

    assert arithmetic.is_lacking() == wider


@pytest.mark.parametrize("kernels", ["zen2", "skx", None])
def test_blis_multiplies_where_it_knows_the_processor(
    monkeypatch: pytest.MonkeyPatch, kernels: str | None
) -> None:
    """With kernels of its own, and when it cannot say, BLIS stays."""
    monkeypatch.setattr(arithmetic, "kernels", lambda: kernels)

    with use_ops("numpy"), arithmetic.fitting():
        assert get_current_ops().use_blis


def test_what_somebody_chose_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU's arithmetic, or any other, is not replaced."""
    monkeypatch.setattr(arithmetic, "kernels", lambda: arithmetic.GENERIC)
    before, chosen = get_current_ops(), OtherOps()
    set_current_ops(chosen)
    try:
        with arithmetic.fitting():
            assert get_current_ops() is chosen
    finally:
        set_current_ops(before)


def test_blis_names_its_kernels() -> None:
    """The BLIS that spaCy brings here says which kernels it chose."""
    assert arithmetic.kernels()


def test_a_blis_that_cannot_say_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build of BLIS without these functions is left as it is."""
    monkeypatch.setattr(arithmetic.blis.cy, "__file__", "/nonexistent.so")

    assert arithmetic.kernels() is None


def test_both_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trees and names do not depend on who multiplies."""
    texts = (
        "Rebels led by Hayat Tahrir al-Sham captured Hama from the army on Thursday, residents said.",
        "Troops pull out of Goma as mediators meet in Nairobi",
    )
    read = []
    for kernels in ("skx", arithmetic.GENERIC):
        monkeypatch.setattr(arithmetic, "kernels", lambda kernels=kernels: kernels)
        nlp = load_pipeline()
        read.append(
            [
                [(word.text, word.dep_, word.head.i, word.tag_, word.ent_type_) for word in doc]
                for doc in nlp.pipe(texts)
            ]
        )

    assert read[0] == read[1]

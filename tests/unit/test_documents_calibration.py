"""Confidence: what a score is worth, as often as such scores were right."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.calibrate import Seen, curve
from muniment.documents.calibration import FIELDS, TYPES, Curve, calibrated, confidence

CURVES = [TYPES, *FIELDS.values()]
SCORES = st.floats(0, 1)


@given(st.sampled_from(CURVES), SCORES, SCORES)
def test_a_higher_score_is_never_worth_less(one: Curve, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert 0 <= calibrated(low, one) <= calibrated(high, one) <= 1


@pytest.mark.parametrize("one", CURVES)
def test_no_curve_promises_certainty(one: Curve) -> None:
    assert calibrated(1.0, one) < 1


def test_between_two_points_a_score_is_worth_what_lies_between() -> None:
    assert calibrated(0.6, ((0.5, 0.2), (0.7, 0.8))) == pytest.approx(0.5)


def test_a_score_below_the_first_point_stands_for_itself_and_one_beyond_the_last_for_the_last() -> None:
    assert calibrated(0.3, ((0.5, 0.6), (0.7, 0.8))) == 0.3
    assert calibrated(0.9, ((0.5, 0.6), (0.7, 0.8))) == 0.8


@given(SCORES)
def test_what_a_label_says_is_surer_than_what_prose_does_and_a_digital_page_than_a_scan(score: float) -> None:
    assert confidence(0.95, "label", "text") > confidence(0.95, "prose", "text")
    assert confidence(0.9, "label", "text") > confidence(0.9, "label", "ocr")
    assert confidence(score, "label", "none") == confidence(score, "label", "text")


def test_a_fitted_curve_says_how_often_each_score_was_right() -> None:
    seen = [Seen(0.5, right, real=False) for right in (True, False)] + [Seen(0.9, right=True, real=False)] * 8
    assert curve(seen) == ((0.5, 0.5), (0.9, 0.9))


def test_a_score_that_was_right_less_often_than_a_lower_one_is_pooled_with_it() -> None:
    seen = [Seen(0.5, right=True, real=False), Seen(0.9, right=False, real=False)]
    assert curve(seen) == ((0.5, 0.5), (0.9, 0.5))


def test_real_papers_count_together_as_much_as_all_others() -> None:
    seen = [Seen(0.5, right=True, real=False)] * 9 + [Seen(0.5, right=False, real=True)]
    assert curve(seen) == ((0.5, 0.5),)


@given(st.lists(st.builds(Seen, st.sampled_from([0.1, 0.4, 0.6, 0.9]), st.booleans(), st.booleans()), min_size=1))
def test_every_fitted_curve_rises(seen: list[Seen]) -> None:
    for (below, low), (above, high) in pairwise(curve(seen)):
        assert below <= above
        assert low <= high + 0.5  # smoothing may lower the share of a small pool

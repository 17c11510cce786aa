"""What a test block costs each time it judges a candidate."""


def level_in_force(alpha: float, candidate_number: int) -> float:
    """Level at which the k-th candidate on one block is judged: alpha / (k (k + 1)).

    These add up to alpha over any number of candidates, so the chance that any candidate of a
    block passes wrongly stays below alpha however long the block lives (Bonferroni with
    sum of 1 / (k (k + 1)) = 1).

    Raises:
        ValueError: candidates are counted from 1.
    """
    if candidate_number < 1:
        raise ValueError(f"candidates are counted from 1, not {candidate_number}")
    return alpha / (candidate_number * (candidate_number + 1))

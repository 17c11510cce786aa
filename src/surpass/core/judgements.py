"""Names of the columns of what people said, one row a judgement.

Comparisons: ITEM, RATER, LEFT, RIGHT, CHOICE, PURPOSE, TASK, REPEATS, KNOWN, LEFT_CHARACTERS,
RIGHT_CHARACTERS. Scores on scales: ITEM, RATER, LEFT (the model), SCALE, SCORE.
"""

ITEM = "item"  # str: what was judged
RATER = "rater"  # str: who judged it
LEFT = "left"  # str: the model whose answer stood left; of a score the only one
RIGHT = "right"  # str: the model whose answer stood right
CHOICE = "choice"  # "left", "right", "tie" or "both bad"
PURPOSE = "purpose"  # "rate", "gold", "repeat" or "adjudicate"
TASK = "task"  # str: unique
REPEATS = "repeats"  # str or null: the task that was asked again
KNOWN = "known"  # "left" or "right" where the better side is known, else null
LEFT_CHARACTERS = "left_characters"  # int: length of that answer
RIGHT_CHARACTERS = "right_characters"
SCALE = "scale"  # str: name of the scale
SCORE = "score"  # int: 1 to 5

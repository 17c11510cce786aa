"""Where a model fails: slices of rows, whether they are really worse, and what would mend them."""

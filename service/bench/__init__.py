"""The yardstick: how fast the product is, as ratios against what is possible on the same machine in the same minute."""

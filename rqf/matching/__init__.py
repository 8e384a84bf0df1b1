"""How alike two titles, outcome lists or levels are, with the reasons: plain values in and out."""

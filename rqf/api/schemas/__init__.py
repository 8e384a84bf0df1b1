"""What goes in and out of the API, and what `--json` of the commands prints: one module per noun."""

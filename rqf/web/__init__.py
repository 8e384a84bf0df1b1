"""The site: one module per desk, each desk guarded by a role or on the public list."""

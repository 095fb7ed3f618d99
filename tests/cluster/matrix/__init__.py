"""Who may do what: every persona, verb, kind and subresource, and every phase that matters. Expected here, seen by test_matrix.py."""

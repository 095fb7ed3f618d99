"""The operator's real code over an in-memory API server and a virtual clock: random histories, replayable by their seed."""

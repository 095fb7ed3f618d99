"""How the operator performs, each figure beside the floor that the API server sets on the same machine in the same run."""

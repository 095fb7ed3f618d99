"""The only floor that talks to Kubernetes or reads a clock."""

"""What should happen to an instance: pure functions over frozen data, with `now` as an argument. Knows no Kubernetes and no clock."""

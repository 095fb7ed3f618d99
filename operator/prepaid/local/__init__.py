"""A whole Kubernetes control plane on this machine: built once, started, stopped, one kubeconfig for each persona."""

"""Instances with a paid term and a Recycle Bin, on Kubernetes."""

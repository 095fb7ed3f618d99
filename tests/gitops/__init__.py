"""What GitOps tools make of our objects, with the very texts of deploy/gitops: Lua is executed, CEL is evaluated."""

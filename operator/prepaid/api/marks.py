"""The names that we write on objects: labels, annotations, finalizers, the field manager (api.md, "Labels, annotations, events")."""

from typing import Final

INSTANCE: Final = "prepaid.dev/instance"
INSTANCE_UID: Final = "prepaid.dev/instance-uid"
CLASS: Final = "prepaid.dev/class"
ATTACH_PREFIX: Final = "attach.prepaid.dev/"

INSTANCE_ID: Final = "prepaid.dev/instance-id"
STAY: Final = "prepaid.dev/stay"
APPLIED: Final = "prepaid.dev/applied"
PARAMETERS: Final = "prepaid.dev/parameters"
ENDED: Final = "prepaid.dev/ended"
IN_USE: Final = "prepaid.dev/in-use"
BREAK_GLASS: Final = "prepaid.dev/break-glass"
ARGO_SYNC_OPTIONS: Final = "argocd.argoproj.io/sync-options"
FLUX_PRUNE: Final = "kustomize.toolkit.fluxcd.io/prune"

LIFECYCLE_FINALIZER: Final = "prepaid.dev/lifecycle"
TIMER_FINALIZER: Final = "prepaid.dev/timer"
FIELD_MANAGER: Final = "prepaid-operator"

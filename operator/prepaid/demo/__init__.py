"""The main job as a story on a fresh local control plane: bought, renewed, expired, recovered, erased; every claim is checked."""

"""Tasks for people: drawn, dealt out, answered through personal links, exported and imported."""

"""The certificate on paper: what stands on it, and how it is drawn."""

"""The municipality's mark on its documents: chosen, shown, taken away by an administrator."""

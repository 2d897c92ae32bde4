# Unit tests of the core modules.

# Unit tests of the rules modules.

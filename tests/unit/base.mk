# Unit tests of the base modules.

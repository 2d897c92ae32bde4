# The dist part of the tests.

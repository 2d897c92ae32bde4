# The bench part of the tests.

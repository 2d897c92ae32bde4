# The scenarios part of the tests.

# The support part of the tests.

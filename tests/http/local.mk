# The http part of the tests.

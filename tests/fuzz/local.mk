# The fuzz part of the tests.

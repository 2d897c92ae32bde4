# The oom part of the tests.

# The vectors part of the tests.

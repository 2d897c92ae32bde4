# The tests part of the build.

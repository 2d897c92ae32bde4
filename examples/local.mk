# The examples part of the build.

# The doc part of the build.

# The libdhcpha-http part of the build.

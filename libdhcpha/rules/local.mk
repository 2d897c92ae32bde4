libdhcpha_core_la_SOURCES +=

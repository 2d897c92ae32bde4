libdhcpha_core_la_SOURCES += \
	%D%/state_table.c %D%/state_table.h

libdhcpha_core_la_SOURCES += \
	%D%/allocator.c %D%/allocator.h

libdhcpha_core_la_SOURCES += \
	%D%/allocator.c %D%/allocator.h \
	%D%/status.c %D%/status.h \
	%D%/deadline.c %D%/deadline.h \
	%D%/alarms.c %D%/alarms.h \
	%D%/buffer.c %D%/buffer.h \
	%D%/byte_map.c %D%/byte_map.h \
	%D%/http_date.c %D%/http_date.h \
	%D%/arena.c %D%/arena.h \
	%D%/hex.c %D%/hex.h \
	%D%/json_escape.c %D%/json_escape.h \
	%D%/json_tree.c %D%/json_tree.h \
	%D%/json.c %D%/json.h

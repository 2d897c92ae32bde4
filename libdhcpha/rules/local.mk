# names, messages, configuration
libdhcpha_core_la_SOURCES += \
	%D%/names.c %D%/names.h \
	%D%/messages.c %D%/messages.h \
	%D%/url.c %D%/url.h \
	%D%/config.c %D%/config.h \
	%D%/config_check.c %D%/config_check.h \
	%D%/config_lint.c %D%/config_lint.h \
	%D%/password_file.c %D%/password_file.h \
	%D%/config_values.c %D%/config_values.h \
	%D%/peer_json.c %D%/peer_json.h \
	%D%/extension_json.c %D%/extension_json.h \
	%D%/config_json.c %D%/config_json.h

# states and commands
libdhcpha_core_la_SOURCES += \
	%D%/state_table.c %D%/state_table.h \
	%D%/command.c %D%/command.h \
	%D%/ha_commands.c %D%/ha_commands.h \
	%D%/version_table.c %D%/version_table.h

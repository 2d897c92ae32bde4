# Fuzz targets.  As plain programs they run their corpus in `make check`; configured with
# --enable-fuzzers (CC=clang) they are libFuzzer programs, and `make fuzz` lets each of them look
# for FUZZ_SECONDS seconds.
FUZZ_SECONDS = 60
fuzz_shared = %D%/fuzz.h %D%/fuzz.c
fuzz_player = %D%/player.h %D%/player.c
fuzz_ldadd = tests/support/libsupport.la libdhcpha-core.la
fuzz_programs = \
	%D%/fuzz_answer \
	%D%/fuzz_command \
	%D%/fuzz_config \
	%D%/fuzz_http_date \
	%D%/fuzz_json \
	%D%/fuzz_lease_json \
	%D%/fuzz_query
if WITH_EXAMPLES
fuzz_programs += %D%/fuzz_packet4 %D%/fuzz_packet6
endif
check_PROGRAMS += $(fuzz_programs)
if WITH_FUZZERS
fuzz_driver =
fuzz_ldflags = -fsanitize=fuzzer
else
fuzz_driver = %D%/driver.c
fuzz_ldflags =
TESTS += $(fuzz_programs)
endif
EXTRA_DIST += %D%/corpus %D%/driver.c %D%/words.dict

tests_fuzz_fuzz_answer_SOURCES = %D%/fuzz_answer.c $(fuzz_player) $(fuzz_shared) $(fuzz_driver)
tests_fuzz_fuzz_answer_CPPFLAGS = $(test_cppflags)
tests_fuzz_fuzz_answer_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_answer_LDADD = $(fuzz_ldadd)

tests_fuzz_fuzz_command_SOURCES = %D%/fuzz_command.c $(fuzz_player) $(fuzz_shared) $(fuzz_driver)
tests_fuzz_fuzz_command_CPPFLAGS = $(test_cppflags)
tests_fuzz_fuzz_command_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_command_LDADD = $(fuzz_ldadd)

tests_fuzz_fuzz_config_SOURCES = %D%/fuzz_config.c $(fuzz_shared) $(fuzz_driver)
tests_fuzz_fuzz_config_CPPFLAGS = $(test_cppflags)
tests_fuzz_fuzz_config_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_config_LDADD = $(fuzz_ldadd)

tests_fuzz_fuzz_http_date_SOURCES = %D%/fuzz_http_date.c $(fuzz_shared) $(fuzz_driver)
tests_fuzz_fuzz_http_date_CPPFLAGS = $(test_cppflags)
tests_fuzz_fuzz_http_date_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_http_date_LDADD = $(fuzz_ldadd)

tests_fuzz_fuzz_json_SOURCES = %D%/fuzz_json.c $(fuzz_shared) $(fuzz_driver)
tests_fuzz_fuzz_json_CPPFLAGS = $(test_cppflags)
tests_fuzz_fuzz_json_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_json_LDADD = $(fuzz_ldadd)

tests_fuzz_fuzz_lease_json_SOURCES = %D%/fuzz_lease_json.c $(fuzz_shared) $(fuzz_driver)
tests_fuzz_fuzz_lease_json_CPPFLAGS = $(test_cppflags)
tests_fuzz_fuzz_lease_json_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_lease_json_LDADD = $(fuzz_ldadd)

tests_fuzz_fuzz_query_SOURCES = %D%/fuzz_query.c $(fuzz_shared) $(fuzz_driver)
tests_fuzz_fuzz_query_CPPFLAGS = $(test_cppflags)
tests_fuzz_fuzz_query_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_query_LDADD = $(fuzz_ldadd)

tests_fuzz_fuzz_packet4_SOURCES = %D%/fuzz_packet4.c $(fuzz_shared) $(fuzz_driver)
tests_fuzz_fuzz_packet4_CPPFLAGS = $(test_cppflags) -I$(top_srcdir)
tests_fuzz_fuzz_packet4_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_packet4_LDADD = libdhcpd.la $(fuzz_ldadd)

tests_fuzz_fuzz_packet6_SOURCES = %D%/fuzz_packet6.c $(fuzz_shared) $(fuzz_driver)
tests_fuzz_fuzz_packet6_CPPFLAGS = $(test_cppflags) -I$(top_srcdir)
tests_fuzz_fuzz_packet6_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_packet6_LDADD = libdhcpd.la $(fuzz_ldadd)

# New inputs go to a folder of the build; a failing one is named in the output.
fuzz: $(fuzz_programs)
	@for program in $(fuzz_programs); do \
	  corpus=$${program##*fuzz_}; \
	  $(MKDIR_P) tests/fuzz/found/$$corpus; \
	  echo "$$program"; \
	  ./$$program -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 \
	    -max_len=65536 -dict=$(srcdir)/tests/fuzz/words.dict -print_final_stats=1 \
	    -artifact_prefix=tests/fuzz/found/$$corpus- \
	    tests/fuzz/found/$$corpus $(srcdir)/tests/fuzz/corpus/$$corpus || exit 1; \
	done
fuzz-clean:
	rm -rf tests/fuzz/found
mostlyclean-local: fuzz-clean

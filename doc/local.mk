# The doc part of the build: `make doc` writes doc/html in the build folder.
EXTRA_DIST += \
	%D%/configuration.md \
	%D%/embedding.md \
	%D%/reference.md \
	%D%/number.sh \
	%D%/protocol/1-config-filter-wire.md \
	%D%/protocol/2-state-machine-sync.md

.PHONY: doc
doc:
	@test -n '$(DOXYGEN)' || { echo 'doxygen is missing: install the Debian package doxygen' >&2; exit 1; }
	$(AM_V_GEN)$(MKDIR_P) doc && out=`cd doc && pwd` && cd '$(srcdir)' && \
	  { cat Doxyfile; echo "OUTPUT_DIRECTORY = $$out"; echo 'PROJECT_NUMBER = $(VERSION)'; } | $(DOXYGEN) -

clean-local: clean-doc
clean-doc:
	rm -rf doc/html

# The programs of README.md and doc/embedding.md, with a stand-in for the server around it.  Not installed.
noinst_PROGRAMS += examples/embed/embed
examples_embed_embed_SOURCES = %D%/embed.c %D%/serve.c %D%/host.c %D%/host.h
examples_embed_embed_CFLAGS = $(AM_CFLAGS) -Wno-unused-parameter
examples_embed_embed_LDADD = libdhcpha-http.la libdhcpha.la

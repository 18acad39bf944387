# Hexa: role-gated logins for Linux hosts.  `make help` lists the targets.
#
# One file, no recursion.  VARIANT picks the build folder and its flags:
#   release  what is installed            san  AddressSanitizer and UBSan
#   tsan     ThreadSanitizer              cov  gcov

VERSION := 0.1.0
VARIANT ?= release
O       ?= build/$(VARIANT)

prefix     ?= /usr
sbindir    ?= $(prefix)/sbin
libexecdir ?= $(prefix)/libexec/hexa
mandir     ?= $(prefix)/share/man
docdir     ?= $(prefix)/share/doc/hexa
pamconfdir ?= $(prefix)/share/pam-configs
# The module folders are the distribution's to say, whatever the prefix.
multiarch  := $(shell $(CC) -print-multiarch 2>/dev/null)
nssdir     ?= /usr/lib$(if $(multiarch),/$(multiarch))
pamdir     ?= /lib$(if $(multiarch),/$(multiarch))/security
helper     := $(libexecdir)/hexa-pam-helper

CC        ?= cc
CLANG     ?= clang
PKGCONFIG ?= pkg-config
INSTALL   ?= install

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wpointer-arith -Wvla -Wundef -Wformat=2
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection \
	-ftrivial-auto-var-init=zero -fno-strict-aliasing -fno-delete-null-pointer-checks
FLAGS_release := -O2 -g $(HARDEN) -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
FLAGS_san     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
FLAGS_tsan    := -O1 -g -fsanitize=thread
FLAGS_cov     := -O0 -g --coverage
# -fcf-protection is x86's; leave it out where the compiler does not know it.
ifneq ($(shell $(CC) -fcf-protection -E -x c /dev/null >/dev/null 2>&1 && echo yes),yes)
HARDEN := $(filter-out -fcf-protection,$(HARDEN))
endif

CFLAGS   ?=
CPPFLAGS ?=
LDFLAGS  ?=
ALL_CPPFLAGS = -I. -D_GNU_SOURCE -DHEXA_VERSION='"$(VERSION)"' -DHEXA_HELPER='"$(helper)"' \
	$(CPPFLAGS)
ALL_CFLAGS   = -std=c11 -fPIC -fvisibility=hidden -pthread $(WARN) $(FLAGS_$(VARIANT)) \
	$(CFLAGS)
ALL_LDFLAGS  = $(FLAGS_$(VARIANT)) -pthread -Wl,-z,defs,-z,relro,-z,now,-z,noexecstack $(LDFLAGS)
ifneq ($(filter san tsan,$(VARIANT)),)
ALL_LDFLAGS := $(FLAGS_$(VARIANT)) -pthread $(LDFLAGS)
endif

LIBS_core  := $(shell $(PKGCONFIG) --libs lmdb libsodium yaml-0.1 libcrypt 2>/dev/null)
LIBS_admin := $(LIBS_core) $(shell $(PKGCONFIG) --libs smartcols jansson 2>/dev/null)
LIBS_pam   := $(shell $(PKGCONFIG) --libs pam 2>/dev/null || echo -lpam)
LIBS_test  := $(LIBS_admin) $(LIBS_pam) $(shell $(PKGCONFIG) --libs cmocka 2>/dev/null) -ldl

objects = $(patsubst %.c,$(O)/%.o,$(wildcard $(1)))

CORE      := $(call objects,policy/*.c store/*.c accounts/*.c)
DIRECTORY := $(call objects,directory/*.c)
NSS       := $(call objects,nss_hexa/*.c)
ADMIN     := $(call objects,hexa-admin/*.c)
MODULE    := $(O)/pam_hexa/pam_hexa.o $(O)/pam_hexa/ask.o $(O)/pam_hexa/message.o
HELPER    := $(O)/pam_hexa/helper.o $(O)/pam_hexa/message.o
TESTS     := $(patsubst %.c,$(O)/%,$(wildcard tests/*/*_test.c))
BENCHES   := $(patsubst %.c,$(O)/%,$(wildcard bench/*.c))
PRODUCTS  := $(O)/libnss_hexa.so.2 $(O)/pam_hexa.so $(O)/hexa-pam-helper $(O)/hexa-admin

.PHONY: all help check check-user tests demo bench benches fuzz lint install uninstall clean
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PRODUCTS)

help:
	@echo 'make [VARIANT=release|san|tsan|cov] TARGET'
	@echo '  all        build the modules, the helper and hexa-admin (default)'
	@echo '  check      run every test, sanitizers included, in a throwaway host (as root)'
	@echo '  demo       show a real login decided by a role, in a throwaway host (as root)'
	@echo '  bench      print the performance tables'
	@echo '  fuzz       run each fuzz target for a fixed number of inputs'
	@echo '  lint       layers, exported symbols, needed libraries, manual pages'
	@echo '  install    into DESTDIR with prefix=$(prefix); nothing is switched on'
	@echo '  uninstall  take the same files away; the database stays'
	@echo '  clean      remove build/'

tests: $(TESTS)
benches: $(BENCHES)

# ---- compiling and linking -----------------------------------------------------------------

$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo '  CC      $@'
	@$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(O)/libcore.a: $(CORE)
	@echo '  AR      $@'
	@rm -f $@ && $(AR) rcs $@ $^

$(O)/libdirectory.a: $(DIRECTORY)
	@echo '  AR      $@'
	@rm -f $@ && $(AR) rcs $@ $^

$(O)/libnss_hexa.so.2: $(NSS) $(O)/libdirectory.a nss_hexa/nss_hexa.sym
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -shared -Wl,-soname,libnss_hexa.so.2 -Wl,-z,nodelete \
		-Wl,--version-script=nss_hexa/nss_hexa.sym -o $@ $(NSS) $(O)/libdirectory.a

$(O)/pam_hexa.so: $(MODULE) pam_hexa/pam_hexa.sym
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -shared -Wl,-z,nodelete -Wl,--version-script=pam_hexa/pam_hexa.sym \
		-o $@ $(MODULE) $(LIBS_pam)

$(O)/hexa-pam-helper: $(HELPER) $(O)/libcore.a $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(LIBS_core)

$(O)/hexa-admin: $(ADMIN) $(O)/libcore.a $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(LIBS_admin)

# A test program is one tests/RUNG/NAME_test.c, linked with everything.
$(O)/tests/%: $(O)/tests/%.o $(O)/libcore.a $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(LIBS_test)

$(O)/bench/%: $(O)/bench/%.o $(O)/libcore.a $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(LIBS_test)

-include $(shell find $(O) -name '*.d' 2>/dev/null)

clean:
	rm -rf build

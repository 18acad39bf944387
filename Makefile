# Hexa: role-gated logins for Linux hosts.  `make help` lists the targets.
#
# One file, no recursion.  VARIANT picks the build folder and its flags:
#   release  what is installed            san  AddressSanitizer and UBSan; counts for make coverage
#   tsan     ThreadSanitizer              fuzz libFuzzer with both of san's (clang)

VERSION := 0.1.0
VARIANT ?= release
O       ?= build/$(VARIANT)

prefix     ?= /usr
sbindir    ?= $(prefix)/sbin
bindir     ?= $(prefix)/bin
libexecdir ?= $(prefix)/libexec/hexa
mandir     ?= $(prefix)/share/man
bashdir    ?= $(prefix)/share/bash-completion/completions
zshdir     ?= $(prefix)/share/zsh/vendor-completions
fishdir    ?= $(prefix)/share/fish/vendor_completions.d
docdir     ?= $(prefix)/share/doc/hexa
pamconfdir ?= /usr/share/pam-configs
unitdir    ?= $(prefix)/lib/systemd/system
apparmordir ?= /etc/apparmor.d/abstractions
# The module folders are the distribution's to say, whatever the prefix.
multiarch  := $(shell $(CC) -print-multiarch 2>/dev/null)
nssdir     ?= /usr/lib$(if $(multiarch),/$(multiarch))
pamdir     ?= /lib$(if $(multiarch),/$(multiarch))/security
helper     := $(libexecdir)/hexa-pam-helper

CC        ?= cc
CLANG     ?= clang
PKGCONFIG ?= pkg-config

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wpointer-arith -Wvla -Wundef -Wformat=2
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection \
	-ftrivial-auto-var-init=zero -fno-strict-aliasing -fno-delete-null-pointer-checks
FLAGS_release := -O2 -g $(HARDEN) -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
FLAGS_san     := -O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
# It knows no fences, and need not: what they order is written by another process.
FLAGS_tsan    := -O1 -g -fsanitize=thread -Wno-tsan
FLAGS_fuzz    := $(FLAGS_san) -fsanitize=fuzzer-no-link
# Of tests alone, on top: they are many, are compiled for each check, and run once.  Without optimization
# the compiler guesses at what is not initialized; with it, for release, it knows.
TESTS_release := -O1 -g1
TESTS_san     := -O0 -Wno-maybe-uninitialized
# -fcf-protection is x86's; leave it out where the compiler does not know it.
ifneq ($(shell $(CC) -fcf-protection -E -x c /dev/null >/dev/null 2>&1 && echo yes),yes)
HARDEN := $(filter-out -fcf-protection,$(HARDEN))
endif

CFLAGS   ?=
CPPFLAGS ?=
LDFLAGS  ?=
ALL_CPPFLAGS = -I. -D_GNU_SOURCE -DHEXA_VERSION='"$(VERSION)"' -DHEXA_HELPER='"$(helper)"' \
	-DHEXA_NSS_MODULE='"$(nssdir)/libnss_hexa.so.2"' \
	-DHEXA_PAM_MODULE='"$(pamdir)/pam_hexa.so"' \
	-DHEXA_AUTHORIZED_KEYS='"$(libexecdir)/hexa-authorized-keys"' $(CPPFLAGS)
ALL_CFLAGS   = -std=c11 -fPIC -fvisibility=hidden -pthread $(WARN) $(FLAGS_$(VARIANT)) \
	$(CFLAGS)
ALL_LDFLAGS  = $(FLAGS_$(VARIANT)) -pthread -Wl,-z,defs,-z,relro,-z,now,-z,noexecstack $(LDFLAGS)
ifneq ($(filter san tsan fuzz,$(VARIANT)),)
ALL_LDFLAGS := $(FLAGS_$(VARIANT)) -pthread $(LDFLAGS)
endif
# What counts the lines that it goes through.  The counts of an object are worth nothing when it is made anew.
ifeq ($(VARIANT),san)
ALL_LDFLAGS += --coverage
COUNTED := $(addprefix $(O)/,directory/%.o policy/%.o store/%.o accounts/%.o \
	pam_hexa/helper.o pam_hexa/helper_keys.o pam_hexa/armour.o)
$(COUNTED): ALL_CFLAGS += --coverage
endif

LIBS_core  := $(shell $(PKGCONFIG) --libs lmdb libsodium yaml-0.1 libcrypt 2>/dev/null) -ldl
LIBS_admin := $(LIBS_core) $(shell $(PKGCONFIG) --libs smartcols jansson audit 2>/dev/null) -lcsv
LIBS_pam   := $(shell $(PKGCONFIG) --libs pam 2>/dev/null || echo -lpam)
LIBS_test  := $(LIBS_admin) $(LIBS_pam) $(shell $(PKGCONFIG) --libs cmocka 2>/dev/null) -ldl

objects = $(patsubst %.c,$(O)/%.o,$(wildcard $(1)))

CORE      := $(call objects,policy/*.c store/*.c accounts/*.c)
DIRECTORY := $(call objects,directory/*.c)
NSS       := $(call objects,nss_hexa/*.c)
PRESETS   := $(sort $(wildcard policy/presets/*.yaml))
SCRIPTS   := $(addprefix hexa-admin/completion/,bash.sh zsh fish)
ADMIN     := $(call objects,hexa-admin/*.c) \
	$(addprefix $(O)/hexa-admin/,presets_made.o scripts_made.o) \
	$(addprefix $(O)/pam_hexa/,ask.o message.o)
MODULE    := $(addprefix $(O)/,pam_hexa/pam_hexa.o pam_hexa/password.o pam_hexa/call.o \
	pam_hexa/ask.o pam_hexa/message.o policy/bytes.o policy/fault.o policy/text.o)
KEYS      := $(call objects,authorized_keys/*.c)
HELPER    := $(addprefix $(O)/pam_hexa/,helper.o helper_keys.o armour.o message.o)
# Test programs, and what the cases in the throwaway host run.
CALLERS   := $(addprefix $(O)/tests/pam/,client ask locker must_change)
TESTS     := $(patsubst %.c,$(O)/%,$(wildcard tests/*/*_test.c)) $(CALLERS)
FUZZERS   := $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/*_fuzz.c))
BENCHES   := $(patsubst %.c,$(O)/%,$(wildcard bench/*.c))
PRODUCTS  := $(O)/libnss_hexa.so.2 $(O)/pam_hexa.so $(O)/hexa-pam-helper \
	$(O)/hexa-authorized-keys $(O)/bin/hexa-admin $(O)/man/hexa-admin.8 $(O)/man/hexa-policy.5

.PHONY: all help check check-user coverage tests callers races demo bench benches fuzz fuzzers replays lint install \
	uninstall clean always
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PRODUCTS)

help:
	@echo 'make [VARIANT=release|san|tsan] TARGET'
	@echo '  all        build the modules, the programs and the manual (default)'
	@echo '  check      run every test, sanitizers included, in a throwaway host (as root)'
	@echo '  check-user run what needs no root (so does check, for an ordinary user)'
	@echo '  coverage   which lines the last check went through, and which it did not'
	@echo '  demo       show a real login decided by a role, in a throwaway host (as root)'
	@echo '  bench      print the performance tables'
	@echo '  fuzz       run each fuzz target for a fixed number of inputs'
	@echo '  lint       layers, exported symbols, needed libraries, manual pages'
	@echo '  analyze    clang-tidy, cppcheck, gcc -fanalyzer and shellcheck over all sources'
	@echo '  install    into DESTDIR with prefix=$(prefix); nothing is switched on'
	@echo '  uninstall  take the same files away; the database stays'
	@echo '  deb, rpm   packages, in build/deb and build/rpm'
	@echo '  clean      remove build/'

tests: $(TESTS)
callers: $(CALLERS)
benches: $(BENCHES) $(O)/bench/libnss_null.so.2
fuzzers: $(FUZZERS)
replays: $(FUZZERS:%_fuzz=%_replay)

check:
	@tests/run

check-user:
	@tests/run --no-root

coverage:
	@tests/coverage

demo:
	@tests/demo

bench:
	@bench/run

fuzz:
	@tests/fuzz/run

# ---- compiling and linking -----------------------------------------------------------------

$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo '  CC      $@'
	@$(if $(COUNTED),rm -f $(@:.o=.gcda);) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(O)/tests/%.o: ALL_CFLAGS += $(TESTS_$(VARIANT))

$(O)/libcore.a: $(CORE)
	@echo '  AR      $@'
	@rm -f $@ && $(AR) qcs $@ $^

$(O)/libdirectory.a: $(DIRECTORY)
	@echo '  AR      $@'
	@rm -f $@ && $(AR) qcs $@ $^

$(O)/libnss_hexa.so.2: $(NSS) $(O)/libdirectory.a nss_hexa/nss_hexa.sym
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -shared -Wl,-soname,libnss_hexa.so.2 -Wl,-z,nodelete \
		-Wl,--version-script=nss_hexa/nss_hexa.sym -o $@ $(NSS) $(O)/libdirectory.a

$(O)/pam_hexa.so: $(MODULE) pam_hexa/pam_hexa.sym
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -shared -Wl,-z,nodelete -Wl,--version-script=pam_hexa/pam_hexa.sym \
		-o $@ $(MODULE) $(LIBS_pam)

# They are started thousands of times by transcripts and cases, and load nothing that has sanitizers.  What
# ends by _exit(), as a child does, counts first.
ifeq ($(VARIANT),san)
$(O)/hexa-pam-helper $(O)/bin/hexa-admin: ALL_LDFLAGS += -static-libasan -static-libubsan
$(O)/hexa-pam-helper $(O)/bin/hexa-admin $(TESTS): private ALL_LDFLAGS += -Wl,--wrap=_exit
$(O)/hexa-pam-helper $(O)/bin/hexa-admin $(TESTS): $(O)/tests/counted_exit.o
endif

$(O)/hexa-pam-helper: $(HELPER) $(O)/libcore.a $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(LIBS_core)

$(O)/hexa-authorized-keys: $(KEYS) $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $^

# In a folder of its own: the objects stand in $(O)/hexa-admin/.
$(O)/bin/hexa-admin: $(ADMIN) $(O)/libcore.a $(O)/libdirectory.a
	@mkdir -p $(@D)
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(LIBS_admin)

# The presets as bytes, so that hexa-admin needs no file of theirs; made anew when one comes or goes.
$(O)/presets: always
	@mkdir -p $(@D)
	@echo '$(PRESETS)' | cmp -s - $@ || echo '$(PRESETS)' > $@

$(O)/hexa-admin/presets_made.c: $(PRESETS) $(O)/presets packaging/presets
	@mkdir -p $(@D)
	@echo '  MAKE    $@'
	@packaging/presets preset $(PRESETS) > $@

# And what makes shells complete its commands.
$(O)/hexa-admin/scripts_made.c: $(SCRIPTS) packaging/presets
	@mkdir -p $(@D)
	@echo '  MAKE    $@'
	@packaging/presets script $(SCRIPTS) > $@

$(O)/hexa-admin/%s_made.o: $(O)/hexa-admin/%s_made.c hexa-admin/%s.h Makefile
	@echo '  CC      $@'
	@$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# What the tables say of fields goes into the manual from the tables.
$(O)/packaging/manual: $(O)/packaging/manual.o $(filter-out %/main.o,$(ADMIN)) $(O)/libcore.a \
		$(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(LIBS_admin)

$(O)/man/hexa-admin.8: hexa-admin/hexa-admin.8
$(O)/man/hexa-policy.5: policy/hexa-policy.5
$(O)/man/%: $(O)/packaging/manual
	@mkdir -p $(@D)
	@echo '  MAKE    $@'
	@$(O)/packaging/manual $(filter %/$*,$^) > $@

# A NAME_memory_test stands between the code and what allocates, and lets it fail.
WRAPPED := malloc calloc realloc reallocarray strdup strndup yaml_parser_initialize \
	yaml_parser_parse yaml_emitter_initialize yaml_emitter_emit yaml_scalar_event_initialize
$(O)/tests/unit/%_memory_test: ALL_LDFLAGS += $(WRAPPED:%=-Wl,--wrap=%)

# A test program is one tests/RUNG/NAME_test.c, linked with everything.
$(O)/tests/%: $(O)/tests/%.o $(O)/libcore.a $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS_test)

# The directory's, with nothing that stands above it; those of the races are built for TSan, too.
RACES := $(addprefix $(O)/tests/,unit/directory_change_test nss/nss_test)
races: $(RACES)
$(RACES): $(O)/tests/%: $(O)/tests/%.o $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS_test)

# What reads a file of users stands in the door.
SHEET := $(addprefix $(O)/hexa-admin/,sheet.o csv.o json.o print.o)
$(O)/tests/unit/sheet_test $(O)/tests/unit/round_trip_test \
	$(O)/tests/fuzz/sheet_fuzz $(O)/tests/fuzz/sheet_replay: $(SHEET)

# What goes through the commands' rows has the commands behind them.
$(O)/tests/unit/matrix_test: $(filter-out %/main.o,$(ADMIN))

# The PAM module's tests load one that runs the fake helper beside it.
$(O)/tests/pam/pam_hexa.so: $(O)/tests/pam/asks_fake.o $(filter-out %/ask.o,$(MODULE)) \
		pam_hexa/pam_hexa.sym
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -shared -Wl,--version-script=pam_hexa/pam_hexa.sym -o $@ \
		$(filter %.o,$^) $(LIBS_pam)
$(O)/tests/pam/module_test: | $(O)/tests/pam/pam_hexa.so $(O)/tests/pam/fake_helper

# A fuzz target is one tests/fuzz/NAME_fuzz.c.  Its replay runs it over files, without libFuzzer.
$(O)/tests/fuzz/%_fuzz: $(O)/tests/fuzz/%_fuzz.o $(O)/libcore.a $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -pie -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS_test)

$(O)/tests/fuzz/%_replay: $(O)/tests/fuzz/%_fuzz.o $(O)/tests/fuzz/replay.o \
		$(O)/libcore.a $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS_test)

$(O)/bench/%: $(O)/bench/%.o $(O)/libcore.a $(O)/libdirectory.a
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(LIBS_test)

# What is started to be timed, or watched, loads nothing but libc.
$(O)/bench/once $(O)/bench/warm: LIBS_test :=

$(O)/bench/libnss_null.so.2: $(O)/bench/nss_null/nss_null.o
	@echo '  LD      $@'
	@$(CC) $(ALL_LDFLAGS) -shared -Wl,-soname,libnss_null.so.2 -o $@ $^

# The NSS module once more, with its files in the working folder, for the tests that load it.
$(O)/tests/nss/libnss_hexa.so.2: nss_hexa/nss_hexa.c $(O)/libdirectory.a nss_hexa/nss_hexa.sym Makefile
	@mkdir -p $(@D)
	@echo '  LD      $@'
	@$(CC) $(ALL_CPPFLAGS) -DDIRECTORY_FILE='"directory.mdb"' -DALIASES_FILE='"aliases.mdb"' \
		$(ALL_CFLAGS) $(ALL_LDFLAGS) -shared -Wl,-soname,libnss_hexa.so.2 -Wl,-z,nodelete \
		-Wl,--version-script=nss_hexa/nss_hexa.sym -o $@ $< $(O)/libdirectory.a

# And the program for sshd, in the same way, on a host whose accounts are a file's.
$(O)/tests/keys/hexa-authorized-keys: authorized_keys/authorized_keys.c tests/keys/accounts.c \
		$(O)/libdirectory.a Makefile
	@mkdir -p $(@D)
	@echo '  LD      $@'
	@$(CC) $(ALL_CPPFLAGS) -DDIRECTORY_FILE='"directory.mdb"' -DPASSWD_FILE='"passwd"' \
		$(ALL_CFLAGS) $(ALL_LDFLAGS) -pie -o $@ $(filter %.c,$^) $(O)/libdirectory.a
$(O)/tests/keys/authorized_keys_test: | $(O)/tests/keys/hexa-authorized-keys

# Where the toolchain can: the reader in a 32-bit program, and a static program with the module.
can_link = echo 'int main(void) { return 0; }' | $(CC) $(1) -xc -o /dev/null - 2>/dev/null

$(O)/tests/nss/dump32: tests/nss/dump32.c $(wildcard tests/nss/*.h directory/*.[ch])
	@mkdir -p $(@D)
	@! $(call can_link,-m32) || $(CC) -m32 -O2 -std=c11 -pthread -I. -D_GNU_SOURCE $(WARN) \
		-o $@ $(filter %.c,$^)

$(O)/tests/nss/static: tests/nss/static.c
	@mkdir -p $(@D)
	@! $(call can_link,-static) || $(CC) -static -O2 -std=c11 -D_GNU_SOURCE -o $@ $< 2>$@.log || \
		{ cat $@.log; false; } # it always warns of dlopen

$(patsubst %.c,$(O)/%,$(wildcard tests/nss/*_test.c)): | $(O)/tests/nss/libnss_hexa.so.2 \
	$(O)/tests/nss/dump32 $(O)/tests/nss/static

-include $(shell find $(O) -name '*.d' 2>/dev/null)

# ---- installing ----------------------------------------------------------------------------

# MODE:FILE:PATH of every installed file; what others need comes first.
INSTALLED := \
	644:$(O)/libnss_hexa.so.2:$(nssdir)/libnss_hexa.so.2 \
	4755:$(O)/hexa-pam-helper:$(helper) \
	711:$(O)/hexa-authorized-keys:$(libexecdir)/hexa-authorized-keys \
	644:$(O)/pam_hexa.so:$(pamdir)/pam_hexa.so \
	755:$(O)/bin/hexa-admin:$(sbindir)/hexa-admin \
	link:$(sbindir)/hexa-admin:$(bindir)/hexa-admin \
	644:packaging/pam-configs/hexa:$(pamconfdir)/hexa \
	644:packaging/pam-configs/hexa-password:$(pamconfdir)/hexa-password \
	644:$(O)/man/hexa-admin.8:$(mandir)/man8/hexa-admin.8 \
	644:$(O)/man/hexa-policy.5:$(mandir)/man5/hexa-policy.5 \
	644:hexa-admin/completion/bash.sh:$(bashdir)/hexa-admin \
	644:hexa-admin/completion/zsh:$(zshdir)/_hexa-admin \
	644:hexa-admin/completion/fish:$(fishdir)/hexa-admin.fish \
	$(foreach page,$(wildcard *_hexa/*.8 authorized_keys/*.8),644:$(page):$(mandir)/man8/$(notdir $(page))) \
	$(foreach text,$(wildcard README.md CHANGELOG.md LICENSE docs/*.md),644:$(text):$(docdir)/$(text)) \
	$(foreach preset,$(PRESETS),644:$(preset):$(docdir)/presets/$(notdir $(preset))) \
	$(foreach unit,service timer,644:packaging/systemd/hexa-doctor.$(unit):$(unitdir)/hexa-doctor.$(unit)) \
	$(foreach use,nameservice authentication,644:packaging/apparmor/$(use).d/hexa:$(apparmordir)/$(use).d/hexa) \
	$(foreach part,te fc if,644:packaging/selinux/hexa.$(part):$(docdir)/selinux/hexa.$(part))

install: all
	@packaging/files install '$(DESTDIR)' $(INSTALLED)

uninstall:
	@packaging/files remove '$(DESTDIR)' $(INSTALLED)

lint: all
	@O=$(O) tests/lint

analyze:
	@tests/analyze

# How a source is compiled, a word to a line.
flags:
	@printf '%s\n' $(ALL_CPPFLAGS) $(ALL_CFLAGS)

.PHONY: analyze flags

clean:
	rm -rf build

# ---- packages ------------------------------------------------------------------------------

# Where they are put.
DEB ?= build/deb
RPM ?= build/rpm

.PHONY: deb rpm

# debhelper works in a folder of its own, and takes what stands in $(O).
deb: all
	@grep -q '^hexa ($(VERSION))' packaging/debian/changelog || \
		{ echo 'packaging/debian/changelog: its first version is not $(VERSION)' >&2; false; }
	@rm -rf '$(DEB)/hexa' '$(DEB)'/*.deb && mkdir -p '$(DEB)/hexa'
	@cp -r packaging/debian '$(DEB)/hexa/debian'
	@cd '$(DEB)/hexa' && SOURCE='$(CURDIR)' O='$(O)' DEB_BUILD_OPTIONS=noautodbgsym \
		DEB_RULES_REQUIRES_ROOT=no debian/rules binary >../log 2>&1 || { cat ../log >&2; false; }
	@rm -rf '$(DEB)/hexa' '$(DEB)/log'
	@ls '$(DEB)'/*.deb

# From here, with objects of its own; what it needs is asked for where rpm knows the system's packages.
rpm:
	@mkdir -p '$(RPM)'
	@rpmbuild -bb --quiet --build-in-place $(if $(wildcard /etc/debian_version),--nodeps) \
		--define '_topdir $(abspath $(RPM))' --define 'objects $(RPM)/objects' \
		packaging/rpm/hexa.spec
	@find '$(RPM)/RPMS' -name '*.rpm'

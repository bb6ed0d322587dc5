"""base.py: what the images of OSS-Fuzz set around build.sh and around a target, on this machine.

Written after google/oss-fuzz, infra/base-images: base-clang and base-builder (ubuntu-24-04), the
scripts compile, compile_libfuzzer and compile_afl, and base-runner with run_fuzzer. What differs
here is the compiler (Debian's clang 19, and AFL++ 4.04c on clang 14), the C++ library of the
engines (libstdc++ for libc++; linked in whole as the image does, but for MSan, which defines some
of it anew), and that AFL++'s options are not drawn by lot.
"""
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

CLANG = ("clang-19", "clang++-19")
AFL = ("afl-clang-fast", "afl-clang-fast++")
AFL_DRIVER = Path("/usr/lib/afl/libAFLDriver.a")
SYMBOLIZER = "llvm-symbolizer-19"

CFLAGS = ("-O1 -fno-omit-frame-pointer -gline-tables-only "
          "-Wno-error=incompatible-function-pointer-types -Wno-error=int-conversion "
          "-Wno-error=deprecated-declarations -Wno-error=implicit-function-declaration "
          "-Wno-error=implicit-int -Wno-error=unknown-warning-option "
          "-Wno-error=vla-cxx-extension -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION")
UNDEFINED = ("array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,"
             "return,returns-nonnull-attribute,shift,signed-integer-overflow,{}unreachable,"
             "vla-bound,vptr")
SANITIZER_FLAGS = {
    "address": "-fsanitize=address -fsanitize-address-use-after-scope",
    "undefined": f"-fsanitize={UNDEFINED.format('unsigned-integer-overflow,')} "
                 f"-fno-sanitize-recover={UNDEFINED.format('')}",
    "memory": "-fsanitize=memory -fsanitize-memory-track-origins",
    "coverage": "",
}
ENGINE_COVERAGE = "-fsanitize=fuzzer-no-link"
REPORT_COVERAGE = ("-fprofile-instr-generate -fcoverage-mapping -pthread -Wl,--no-as-needed "
                   "-Wl,-ldl -Wl,-lm -Wno-unused-command-line-argument")
STATIC_CXX = "-static-libstdc++"

# base-runner's: the same as on ClusterFuzz.
RUN = {
    "ASAN_OPTIONS": "alloc_dealloc_mismatch=0:allocator_may_return_null=1:"
                    "allocator_release_to_os_interval_ms=500:check_malloc_usable_size=0:"
                    "detect_container_overflow=1:detect_odr_violation=0:detect_leaks=1:"
                    "detect_stack_use_after_return=1:fast_unwind_on_fatal=0:handle_abort=1:"
                    "handle_segv=1:handle_sigill=1:max_uar_stack_size_log=16:print_scariness=1:"
                    "quarantine_size_mb=10:strict_memcmp=1:symbolize=1:use_sigaltstack=1:"
                    "dedup_token_length=3",
    "MSAN_OPTIONS": "print_stats=1:symbolize=1:dedup_token_length=3",
    "UBSAN_OPTIONS": "print_stacktrace=1:print_summary=1:silence_unsigned_overflow=1:symbolize=1:"
                     "dedup_token_length=3",
}
RUN_AFL = {
    "ASAN_OPTIONS": f"{RUN['ASAN_OPTIONS']}:abort_on_error=1:symbolize=0",
    "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_SKIP_CPUFREQ": "1",
    "MSAN_OPTIONS": f"{RUN['MSAN_OPTIONS']}:exit_code=86:symbolize=0",
    "UBSAN_OPTIONS": f"{RUN['UBSAN_OPTIONS']}:symbolize=0",
    "AFL_TRY_AFFINITY": "1", "AFL_FAST_CAL": "1", "AFL_FORKSRV_INIT_TMOUT": "30000",
    "AFL_IGNORE_PROBLEMS": "1", "AFL_NO_UI": "1",
}
FUZZER_ARGS = ("-rss_limit_mb=2560", "-timeout=25")
AFL_FUZZER_ARGS = ("-m", "none", "-t", "5000+")


@dataclass(frozen=True)
class Build:
    """One way in which OSS-Fuzz builds a project."""
    engine: str
    sanitizer: str
    architecture: str = "x86_64"

    def __str__(self):
        return f"{self.engine}-{self.sanitizer}-{self.architecture}"

    @property
    def openssl(self):
        """Whether there is an OpenSSL that targets can be linked with (fuzz/oss_fuzz.mk)."""
        return self.sanitizer != "memory" and self.architecture != "i386"

    @property
    def libraries(self):
        """What an engine of this machine needs at run time, and that of the image does not."""
        return ("libstdc++.so.6",) if self.sanitizer == "memory" else ()


BUILDS = (
    Build("libfuzzer", "address"), Build("libfuzzer", "undefined"), Build("libfuzzer", "memory"),
    Build("libfuzzer", "coverage"), Build("afl", "address"), Build("libfuzzer", "address", "i386"),
)


def lacking(build):
    """What this machine lacks to do a build, or nothing."""
    tools = AFL if build.engine == "afl" else CLANG
    for tool in (*tools, SYMBOLIZER, "make", "objdump", "readelf"):
        if shutil.which(tool) is None:
            return f"{tool} is not in PATH"
    if build.engine == "afl" and not AFL_DRIVER.exists():
        return "afl++ brings no libAFLDriver.a"
    if build.architecture == "i386" and not Path("/usr/lib32/libc.a").exists():
        return "no 32-bit C library: libc6-dev-i386 is not installed"
    return ""


def build_environment(build, src, out, work):
    """Everything that `compile` has set when it calls build.sh."""
    engine = build.engine == "afl"
    cover = REPORT_COVERAGE if build.sanitizer == "coverage" else ENGINE_COVERAGE
    words = ["-m32"] if build.architecture == "i386" else []
    words += [CFLAGS, SANITIZER_FLAGS[build.sanitizer], "" if engine else cover]
    cflags = " ".join(word for word in words if word)
    cc, cxx = AFL if engine else CLANG
    cxxflags = cflags if build.libraries else f"{cflags} {STATIC_CXX}"
    return {
        "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(work),
        "SRC": str(src), "OUT": str(out), "WORK": str(work), "CC": cc, "CXX": cxx, "CCC": cxx,
        "CFLAGS": cflags, "CXXFLAGS": cxxflags,
        "SANITIZER": build.sanitizer, "FUZZING_ENGINE": build.engine, "FUZZING_LANGUAGE": "c",
        "ARCHITECTURE": build.architecture,
        "LIB_FUZZING_ENGINE": str(AFL_DRIVER) if engine else "-fsanitize=fuzzer",
        "AFL_QUIET": "1",
        "ASAN_OPTIONS": "detect_leaks=0:symbolize=0:detect_odr_violation=0:abort_on_error=1",
        "UBSAN_OPTIONS": "silence_unsigned_overflow=1",
    }


def helpers(build):
    """What `compile` itself copies to OUT, by the name that it has there."""
    tools = {"llvm-symbolizer": SYMBOLIZER}
    if build.engine == "afl":
        tools["afl-fuzz"] = "afl-fuzz"
    return tools

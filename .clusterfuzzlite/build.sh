#!/bin/bash -eu
# ClusterFuzzLite looks for its build here; there is one for it and for OSS-Fuzz.
exec bash -eu "$SRC/upheld/ci/oss-fuzz/build.sh"

#!/bin/bash -eu
# Copyright 2026 the upheld authors
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
#
################################################################################
#
# Builds every target into $OUT, as OSS-Fuzz and ClusterFuzzLite have it done; the head of this
# file is what google/oss-fuzz asks of files that are checked in there. The sources are those of
# $SRC/upheld. How each target is built stands in fuzz/oss_fuzz.mk, what lies beside it in pack.py.

cd "$SRC/upheld"

# Objects of other flags are of no use, and a name made of the flags keeps them apart.
flags=$(echo "$CC $CXX $CFLAGS $CXXFLAGS $LIB_FUZZING_ENGINE" | sha256sum | cut -c 1-16)

make --no-print-directory -f fuzz/fuzz.mk -j"$(nproc)" BUILD="$WORK/upheld-$flags" \
    oss-fuzz-programs

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
# Runs the unit tests of the core, after build.sh and in the same image; needs no network and
# changes no file of the checkout. The head of this file is what google/oss-fuzz asks for.

cd "$SRC/upheld"
make --no-print-directory -j"$(nproc)" BUILD="$WORK/upheld-tests" CLANG="$CC" unit-c

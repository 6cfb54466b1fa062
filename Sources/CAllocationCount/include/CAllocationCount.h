#ifndef C_ALLOCATION_COUNT_H
#define C_ALLOCATION_COUNT_H

#include <stdint.h>

/// How often the calling thread has asked for heap memory (malloc, calloc, realloc, aligned_alloc, posix_memalign) so far.
/// Linking this target replaces these functions of glibc in the whole program; it belongs in tests and benchmarks only.
uint64_t allocation_count(void);

#endif

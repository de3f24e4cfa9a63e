/*
 * How inner loops are compiled.
 *
 * A function marked KERNEL is compiled for several instruction sets; the one
 * that fits the CPU is chosen when the program starts.  Sums inside kernels
 * are reordered only where "omp simd reduction" says so; a product and the
 * sum it goes into are rounded once where the CPU can (-ffp-contract=fast).
 */
#ifndef LAYER_KERNEL_H
#define LAYER_KERNEL_H

#include <stdint.h> /* __GLIBC__, whose loader chooses (musl's does not) */

#if defined(__x86_64__) && defined(__GLIBC__) &&                               \
    !defined(__SANITIZE_ADDRESS__) && !defined(__clang__) &&                   \
    !defined(REAL_DOUBLE)
#if __GNUC__ >= 12
#define KERNEL                                                                 \
	__attribute__((                                                        \
	    target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#else
#define KERNEL
#endif

/* Inlined, so that it is compiled anew for each of them. */
#define KERNEL_INLINE __attribute__((always_inline))

#endif

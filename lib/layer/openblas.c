#include "layer/openblas.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#include "base/least.h"

const char blas_numbers_names[] = "float32|bf16";

/* OpenBLAS's own choice of kernels; not every build has it. */
void gotoblas_dynamic_init(void) __attribute__((weak));
void gotoblas_dynamic_quit(void) __attribute__((weak));
int blas_thread_shutdown_(void) __attribute__((weak));

/*
 * OpenBLAS knows CPUs by model number and gives one it does not know the
 * kernels of 2004, at a third of the speed or less.  Ask again by name, from
 * what the CPU says it can do, unless the user chose.
 */
static void
choose_kernels(void)
{
#if defined(__x86_64__)
	const char *better = NULL;

	if (gotoblas_dynamic_init == NULL || gotoblas_dynamic_quit == NULL ||
	    getenv("OPENBLAS_CORETYPE") != NULL ||
	    strcmp(openblas_get_corename(), "Prescott") != 0)
		return;
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512bf16"))
		better = "Cooperlake";
	else if (__builtin_cpu_supports("avx512vl"))
		better = "SkylakeX";
	else if (__builtin_cpu_supports("avx2") &&
		 __builtin_cpu_supports("fma"))
		better = "Haswell";
	if (better == NULL)
		return;
	setenv("OPENBLAS_CORETYPE", better, 1);
	/* Threads of its own may still be reading what is about to change. */
	if (blas_thread_shutdown_ != NULL)
		blas_thread_shutdown_();
	gotoblas_dynamic_quit();
	gotoblas_dynamic_init();
	unsetenv("OPENBLAS_CORETYPE");
#endif
}

void
openblas_start(void)
{
	choose_kernels();
	openblas_set_num_threads(1);
}

/* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...": the first two words. */
void
openblas_version(char name[OPENBLAS_NAME])
{
	const char *text = openblas_get_config();
	size_t n = strcspn(text, " ");

	n += text[n] == ' ';
	n += strcspn(text + n, " ");
	n = least(n, OPENBLAS_NAME - 1);
	memcpy(name, text, n);
	name[n] = '\0';
}

void
openblas_product(bool transpose_a, bool transpose_b, size_t M, size_t N,
    size_t K, const real *a, size_t lda, const real *b, size_t ldb, bool add,
    real *c, size_t ldc)
{
	CBLAS_TRANSPOSE ta = transpose_a ? CblasTrans : CblasNoTrans;
	CBLAS_TRANSPOSE tb = transpose_b ? CblasTrans : CblasNoTrans;

	if (M == 0 || N == 0)
		return;
#ifdef REAL_DOUBLE
	cblas_dgemm(CblasRowMajor, ta, tb, (int)M, (int)N, (int)K, 1, a,
	    (int)lda, b, (int)ldb, add, c, (int)ldc);
#else
	cblas_sgemm(CblasRowMajor, ta, tb, (int)M, (int)N, (int)K, 1, a,
	    (int)lda, b, (int)ldb, add, c, (int)ldc);
#endif
}

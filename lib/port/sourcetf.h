/*
 * A source of a TensorFlow checkpoint.
 */
#ifndef PORT_SOURCETF_H
#define PORT_SOURCETF_H

#include "port/source.h"

/*
 * A TensorFlow checkpoint (tensor bundle): PREFIX.index and its
 * PREFIX.data-00000-of-00001.  Names become those of PyTorch, kernels are
 * seen transposed; slots of the optimiser and the step are passed over.
 * Checksums are compared.
 */
struct source *source_tensorflow(const char *prefix);

#endif

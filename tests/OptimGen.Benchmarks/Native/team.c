// OpenMP's threads for work that is not C: one call for each of them.
#ifdef _OPENMP
#include <omp.h>

void for_each_member(void (*work)(int), int members) {
#pragma omp parallel num_threads(members)
    work(omp_get_thread_num());
}
#endif

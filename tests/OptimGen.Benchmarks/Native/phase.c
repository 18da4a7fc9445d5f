// What surrounds the step in the optimizer phase, as one C loop for each part.
#include <math.h>

#ifdef _OPENMP
#define LOOP _Pragma("omp parallel for simd schedule(static)")
#define SUM_LOOP _Pragma("omp parallel for simd schedule(static) reduction(+ : sum)")
#else
#define LOOP
#define SUM_LOOP
#endif

#define ALIGNED(stream) stream = __builtin_assume_aligned(stream, 64)

float norm(const float *g, long n) {
    ALIGNED(g);
    float sum = 0;
    SUM_LOOP
    for (long i = 0; i < n; i++)
        sum += g[i] * g[i];
    return sqrtf(sum);
}

void scale(float *g, float factor, long n) {
    ALIGNED(g);
    LOOP
    for (long i = 0; i < n; i++)
        g[i] *= factor;
}

void zero(float *g, long n) {
    ALIGNED(g);
    LOOP
    for (long i = 0; i < n; i++)
        g[i] = 0;
}

void average(float *restrict a, const float *restrict p, float share, long n) {
    ALIGNED(a), ALIGNED(p);
    LOOP
    for (long i = 0; i < n; i++)
        a[i] += share * (p[i] - a[i]);
}

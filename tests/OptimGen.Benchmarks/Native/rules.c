// The six rules as plain C loops: what a careful C programmer writes, for a compiler to vectorize. Built by each compiler with the flags of
// CPeer.cs, as it is and with -fopenmp.
#include <math.h>

// As StepScalars in C#, field by field.
struct scalars {
    float learning_rate, beta1, one_minus_beta1, beta2, one_minus_beta2, momentum;
    float weight_decay, epsilon, step_size, root_scale, shrinkage;
};

#ifdef _OPENMP
#define LOOP _Pragma("omp parallel for simd schedule(static)")
#else
#define LOOP
#endif

#define RULE(name, first, second) \
    void name(float *restrict p, const float *restrict g, float *restrict first, float *restrict second, long n, const struct scalars *s)

// The arena aligns every stream to a cache line.
#define ALIGNED(stream) stream = __builtin_assume_aligned(stream, 64)

RULE(adam, m, v) {
    ALIGNED(p), ALIGNED(g), ALIGNED(m), ALIGNED(v);
    const float beta1 = s->beta1, one_minus_beta1 = s->one_minus_beta1, beta2 = s->beta2, one_minus_beta2 = s->one_minus_beta2;
    const float step_size = s->step_size, root_scale = s->root_scale, epsilon = s->epsilon;
    LOOP
    for (long i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * g[i] * g[i];
        p[i] -= step_size * m[i] / (sqrtf(v[i]) * root_scale + epsilon);
    }
}

RULE(adamw, m, v) {
    ALIGNED(p), ALIGNED(g), ALIGNED(m), ALIGNED(v);
    const float beta1 = s->beta1, one_minus_beta1 = s->one_minus_beta1, beta2 = s->beta2, one_minus_beta2 = s->one_minus_beta2;
    const float step_size = s->step_size, root_scale = s->root_scale, epsilon = s->epsilon, keep = 1 - s->shrinkage;
    LOOP
    for (long i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * g[i] * g[i];
        p[i] = keep * p[i] - step_size * m[i] / (sqrtf(v[i]) * root_scale + epsilon);
    }
}

RULE(momentum, b, unused) {
    ALIGNED(p), ALIGNED(g), ALIGNED(b), (void)unused;
    const float learning_rate = s->learning_rate, momentum = s->momentum, weight_decay = s->weight_decay;
    LOOP
    for (long i = 0; i < n; i++) {
        b[i] = momentum * b[i] + (g[i] + weight_decay * p[i]);
        p[i] -= learning_rate * b[i];
    }
}

RULE(rmsprop, v, unused) {
    ALIGNED(p), ALIGNED(g), ALIGNED(v), (void)unused;
    const float learning_rate = s->learning_rate, beta2 = s->beta2, one_minus_beta2 = s->one_minus_beta2, epsilon = s->epsilon;
    LOOP
    for (long i = 0; i < n; i++) {
        v[i] = beta2 * v[i] + one_minus_beta2 * g[i] * g[i];
        p[i] -= learning_rate * g[i] / (sqrtf(v[i]) + epsilon);
    }
}

RULE(lion, m, unused) {
    ALIGNED(p), ALIGNED(g), ALIGNED(m), (void)unused;
    const float beta1 = s->beta1, one_minus_beta1 = s->one_minus_beta1, beta2 = s->beta2, one_minus_beta2 = s->one_minus_beta2;
    const float learning_rate = s->learning_rate, keep = 1 - s->shrinkage;
    LOOP
    for (long i = 0; i < n; i++) {
        float direction = beta1 * m[i] + one_minus_beta1 * g[i];
        m[i] = beta2 * m[i] + one_minus_beta2 * g[i];
        p[i] = keep * p[i] - (direction > 0 ? learning_rate : direction < 0 ? -learning_rate : 0);
    }
}

RULE(adagrad, sum, unused) {
    ALIGNED(p), ALIGNED(g), ALIGNED(sum), (void)unused;
    const float learning_rate = s->learning_rate, epsilon = s->epsilon;
    LOOP
    for (long i = 0; i < n; i++) {
        sum[i] += g[i] * g[i];
        p[i] -= learning_rate * g[i] / (sqrtf(sum[i]) + epsilon);
    }
}

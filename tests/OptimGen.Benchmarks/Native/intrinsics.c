// Two rules written by hand for one instruction set, as a ceiling for what a compiler makes of a loop: Adam, which divides and takes a root, and Lion,
// which takes a sign. They round as OptimGen's kernels do: multiply-adds are fused, divisions and roots are exact.
#include <math.h>

// As StepScalars in C#, field by field.
struct scalars {
    float learning_rate, beta1, one_minus_beta1, beta2, one_minus_beta2, momentum;
    float weight_decay, epsilon, step_size, root_scale, shrinkage;
};

#ifdef _OPENMP
#define LOOP _Pragma("omp parallel for schedule(static)")
#else
#define LOOP
#endif

#define RULE(name, first, second) \
    void name(float *restrict p, const float *restrict g, float *restrict first, float *restrict second, long n, const struct scalars *s)

#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))
#include <immintrin.h>

#ifdef __AVX512F__
typedef __m512 vector;
enum { lanes = 16 };
#define LOAD _mm512_load_ps
#define STORE _mm512_store_ps
#define ALL _mm512_set1_ps
#define MUL _mm512_mul_ps
#define FMA _mm512_fmadd_ps
#define SUB _mm512_sub_ps
#define DIV _mm512_div_ps
#define SQRT _mm512_sqrt_ps

// x - sign(direction) * rate, for a direction that is not NaN.
static inline vector minus_sign(vector x, vector direction, vector rate) {
    const __m512i sign_bit = _mm512_set1_epi32(0x80000000);
    // The direction's sign bit, and the other bits of the rate: 0xca selects by the first operand.
    __m512i signed_rate = _mm512_ternarylogic_epi32(sign_bit, _mm512_castps_si512(direction), _mm512_castps_si512(rate), 0xca);
    // x stays where the direction is 0.
    return _mm512_mask_sub_ps(x, _mm512_cmp_ps_mask(direction, _mm512_setzero_ps(), _CMP_NEQ_UQ), x, _mm512_castsi512_ps(signed_rate));
}
#else
typedef __m256 vector;
enum { lanes = 8 };
#define LOAD _mm256_load_ps
#define STORE _mm256_store_ps
#define ALL _mm256_set1_ps
#define MUL _mm256_mul_ps
#define FMA _mm256_fmadd_ps
#define SUB _mm256_sub_ps
#define DIV _mm256_div_ps
#define SQRT _mm256_sqrt_ps

static inline vector minus_sign(vector x, vector direction, vector rate) {
    vector nonzero = _mm256_cmp_ps(direction, _mm256_setzero_ps(), _CMP_NEQ_UQ);
    vector signed_rate = _mm256_or_ps(_mm256_and_ps(direction, ALL(-0.0f)), rate);
    return _mm256_sub_ps(x, _mm256_and_ps(nonzero, signed_rate));
}
#endif

RULE(adam_intrinsics, m, v) {
    const vector beta1 = ALL(s->beta1), one_minus_beta1 = ALL(s->one_minus_beta1), beta2 = ALL(s->beta2), one_minus_beta2 = ALL(s->one_minus_beta2);
    const vector step_size = ALL(s->step_size), root_scale = ALL(s->root_scale), epsilon = ALL(s->epsilon);
    const long whole = n - n % lanes;
    LOOP
    for (long i = 0; i < whole; i += lanes) {
        vector parameter = LOAD(p + i), gradient = LOAD(g + i);
        vector first = FMA(beta1, LOAD(m + i), MUL(one_minus_beta1, gradient));
        vector second = FMA(beta2, LOAD(v + i), MUL(MUL(one_minus_beta2, gradient), gradient));
        parameter = SUB(parameter, DIV(MUL(step_size, first), FMA(SQRT(second), root_scale, epsilon)));
        STORE(p + i, parameter);
        STORE(m + i, first);
        STORE(v + i, second);
    }
    for (long i = whole; i < n; i++) {
        m[i] = s->beta1 * m[i] + s->one_minus_beta1 * g[i];
        v[i] = s->beta2 * v[i] + s->one_minus_beta2 * g[i] * g[i];
        p[i] -= s->step_size * m[i] / (sqrtf(v[i]) * s->root_scale + s->epsilon);
    }
}

RULE(lion_intrinsics, m, unused) {
    (void)unused;
    const vector beta1 = ALL(s->beta1), one_minus_beta1 = ALL(s->one_minus_beta1), beta2 = ALL(s->beta2), one_minus_beta2 = ALL(s->one_minus_beta2);
    const vector learning_rate = ALL(s->learning_rate), keep = ALL(1 - s->shrinkage);
    const long whole = n - n % lanes;
    LOOP
    for (long i = 0; i < whole; i += lanes) {
        vector parameter = LOAD(p + i), gradient = LOAD(g + i), old = LOAD(m + i);
        vector direction = FMA(beta1, old, MUL(one_minus_beta1, gradient));
        vector average = FMA(beta2, old, MUL(one_minus_beta2, gradient));
        parameter = minus_sign(MUL(keep, parameter), direction, learning_rate);
        STORE(p + i, parameter);
        STORE(m + i, average);
    }
    for (long i = whole; i < n; i++) {
        float direction = s->beta1 * m[i] + s->one_minus_beta1 * g[i];
        m[i] = s->beta2 * m[i] + s->one_minus_beta2 * g[i];
        p[i] = (1 - s->shrinkage) * p[i] - (direction > 0 ? s->learning_rate : direction < 0 ? -s->learning_rate : 0);
    }
}
#endif

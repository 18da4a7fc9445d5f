// Adam with both moments in bfloat16, rounded stochastically, as a plain C loop: what a careful C programmer writes, for a compiler to vectorize. The random
// bits are those of StochasticRounding in C#: one word for elements e and e + 16 of each 32, so the loop goes over such groups.
#include <math.h>
#include <stdint.h>
#include <string.h>

// As StepScalars in C#, field by field.
struct scalars {
    float learning_rate, beta1, one_minus_beta1, beta2, one_minus_beta2, momentum;
    float weight_decay, epsilon, step_size, root_scale, shrinkage;
};

static inline float decode(uint16_t code) {
    uint32_t bits = (uint32_t)code << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// Finite values below the largest bfloat16 only.
static inline uint16_t encode(float value, uint32_t random) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)((bits + random) >> 16);
}

// The part of the hash that both states share.
static inline uint32_t begin_hash(uint32_t word, uint32_t inner) {
    word ^= word >> 16;
    word *= 0x7FEB352Du;
    word ^= inner;
    return word ^ (word >> 15);
}

static inline uint32_t end_hash(uint32_t word, uint32_t multiplier) {
    word *= multiplier;
    return word ^ (word >> 16);
}

void adam_bfloat16(float *restrict p, const float *restrict g, uint16_t *restrict m, uint16_t *restrict v, long n, const struct scalars *s, const uint32_t *keys) {
    const float beta1 = s->beta1, one_minus_beta1 = s->one_minus_beta1, beta2 = s->beta2, one_minus_beta2 = s->one_minus_beta2;
    const float step_size = s->step_size, root_scale = s->root_scale, epsilon = s->epsilon;
    const uint32_t offset = keys[0], inner = keys[1], first_multiplier = keys[2], second_multiplier = keys[3];
#ifdef _OPENMP
#pragma omp parallel for schedule(static)
#endif
    for (long group = 0; group < n / 32; group++) {
        float *restrict gp = p + 32 * group;
        const float *restrict gg = g + 32 * group;
        uint16_t *restrict gm = m + 32 * group, *restrict gv = v + 32 * group;
#ifdef _OPENMP
#pragma omp simd
#endif
        for (int i = 0; i < 16; i++) {
            const uint32_t word = begin_hash((uint32_t)(16 * group + i) + offset, inner);
            const uint32_t first = end_hash(word, first_multiplier), second = end_hash(word, second_multiplier);
            const float m0 = beta1 * decode(gm[i]) + one_minus_beta1 * gg[i], m1 = beta1 * decode(gm[i + 16]) + one_minus_beta1 * gg[i + 16];
            const float v0 = beta2 * decode(gv[i]) + one_minus_beta2 * gg[i] * gg[i];
            const float v1 = beta2 * decode(gv[i + 16]) + one_minus_beta2 * gg[i + 16] * gg[i + 16];
            gp[i] -= step_size * m0 / (sqrtf(v0) * root_scale + epsilon);
            gp[i + 16] -= step_size * m1 / (sqrtf(v1) * root_scale + epsilon);
            gm[i] = encode(m0, first & 0xFFFF), gm[i + 16] = encode(m1, first >> 16);
            gv[i] = encode(v0, second & 0xFFFF), gv[i + 16] = encode(v1, second >> 16);
        }
    }
}

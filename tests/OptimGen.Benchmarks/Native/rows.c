// Adam over some rows of a table, as a careful C programmer writes it: the indices are sorted, the gradients of a row that occurs several times are summed
// in their order, and rows are prefetched ahead of the one that is updated.
#include <math.h>
#include <stdint.h>
#include <string.h>

// As StepScalars in C#, field by field.
struct scalars {
    float learning_rate, beta1, one_minus_beta1, beta2, one_minus_beta2, momentum;
    float weight_decay, epsilon, step_size, root_scale, shrinkage;
};

enum { digit_bits = 11, digits = 1 << digit_bits, line = 16 };

// By row, then by position: radix sort, least significant digit first. The result is in `entries`, or in `buffer` after an odd number of passes.
static uint64_t *sort(const int *rows, long count, long row_count, uint64_t *entries, uint64_t *buffer) {
    for (long i = 0; i < count; i++) entries[i] = (uint64_t)rows[i] << 32 | (uint64_t)i;
    for (int shift = 32; (row_count - 1) >> (shift - 32) != 0; shift += digit_bits) {
        uint32_t starts[digits];
        memset(starts, 0, sizeof starts);
        for (long i = 0; i < count; i++) starts[entries[i] >> shift & (digits - 1)]++;
        uint32_t start = 0;
        for (int d = 0; d < digits; d++) {
            uint32_t bucket = starts[d];
            starts[d] = start;
            start += bucket;
        }
        for (long i = 0; i < count; i++) buffer[starts[entries[i] >> shift & (digits - 1)]++] = entries[i];
        uint64_t *swap = entries;
        entries = buffer;
        buffer = swap;
    }
    return entries;
}

static void update_row(
    float *restrict p, const float *restrict g, float *restrict m, float *restrict v, long width, const struct scalars *s) {
    const float beta1 = s->beta1, one_minus_beta1 = s->one_minus_beta1, beta2 = s->beta2, one_minus_beta2 = s->one_minus_beta2;
    const float step_size = s->step_size, root_scale = s->root_scale, epsilon = s->epsilon;
    for (long i = 0; i < width; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * g[i] * g[i];
        p[i] -= step_size * m[i] / (sqrtf(v[i]) * root_scale + epsilon);
    }
}

// The scratch memory has 2 * count entries, then room for count + 1 numbers; `sum` has a row.
void adam_rows(
    float *p, float *m, float *v, const int *rows, const float *g, long count, long row_count, long width, long distance,
    uint64_t *scratch, float *sum, const struct scalars *s) {
    uint64_t *entries = sort(rows, count, row_count, scratch, scratch + count);
    uint32_t *starts = (uint32_t *)(scratch + 2 * count);
    long distinct = 0;
    for (long i = 0; i < count; i++) {
        if (i == 0 || entries[i] >> 32 != entries[i - 1] >> 32) starts[distinct++] = (uint32_t)i;
    }
    starts[distinct] = (uint32_t)count;
    for (long k = 0; k < distinct; k++) {
        if (k + distance < distinct) {
            long ahead = (long)(entries[starts[k + distance]] >> 32) * width;
            for (long i = 0; i < width; i += line) {
                __builtin_prefetch(p + ahead + i, 1);
                __builtin_prefetch(m + ahead + i, 1);
                __builtin_prefetch(v + ahead + i, 1);
            }
        }
        const float *gradient = g + (long)(uint32_t)entries[starts[k]] * width;
        if (starts[k + 1] - starts[k] > 1) {
            memcpy(sum, gradient, width * sizeof *sum);
            for (long j = starts[k] + 1; j < starts[k + 1]; j++) {
                const float *other = g + (long)(uint32_t)entries[j] * width;
                for (long i = 0; i < width; i++) sum[i] += other[i];
            }
            gradient = sum;
        }
        long row = (long)(entries[starts[k]] >> 32) * width;
        update_row(p + row, gradient, m + row, v + row, width, s);
    }
}
